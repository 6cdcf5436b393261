package dev.evstore.cli.demo;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.reconcile.DivergentTransaction;
import dev.evstore.core.reconcile.ForkContext;
import dev.evstore.core.reconcile.ForkedStream;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolver;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Both withdrawals stand. What that leaves the account with is written down, as anybody would who looks at this fork. */
final class Overdraft implements Resolver {

    private static final Pattern AMOUNT = Pattern.compile("\\{\"amount\":([0-9]{1,9})}");

    @Override
    public Resolution resolve(ForkContext fork) {
        Resolution.Resolve resolution = Resolution.canonicalOrder();
        for (ForkedStream stream : fork.streams()) {
            long balance = stream.foldAncestor(0L, Overdraft::apply);
            for (DivergentTransaction transaction : stream.divergent()) {
                for (StoredEvent event : transaction.events()) {
                    balance = apply(balance, event);
                }
            }
            if (balance < 0) {
                resolution =
                        resolution.and(stream.id(), NewEvent.of("OverdraftReported", "{\"balance\":" + balance + "}"));
            }
        }
        return resolution;
    }

    private static long apply(long balance, StoredEvent event) {
        Matcher amount = AMOUNT.matcher(event instanceof RecordedEvent recorded ? recorded.data() : "");
        if (!amount.matches()) {
            return balance;
        }
        long moved = Long.parseLong(amount.group(1));
        return event.type().value().equals("MoneyWithdrawn") ? balance - moved : balance + moved;
    }
}
