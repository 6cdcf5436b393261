package dev.evstore.examples;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.DivergentTransaction;
import dev.evstore.core.reconcile.ForkContext;
import dev.evstore.core.reconcile.ForkedStream;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolver;
import java.util.HashMap;
import java.util.Map;

/**
 * A stock: events {@code Counted} whose data is how many there are. What each writer saw change is added up: two who
 * took 3 and 4 from 10 leave 3, not 7 or 6. Each change counts once, on however many branches it is.
 */
public final class SumOfDeltas implements Resolver {

    @Override
    public Resolution resolve(ForkContext fork) {
        Resolution.Resolve resolution = Resolution.canonicalOrder();
        for (ForkedStream stream : fork.streams()) {
            long ancestor = stream.foldAncestor(0L, SumOfDeltas::count);
            Map<TransactionId, Long> after = new HashMap<>();
            long sum = ancestor;
            for (DivergentTransaction transaction : stream.divergent()) {
                if (transaction.isMerge()) {
                    return Resolution.unresolvable(stream.id() + " was resolved before; count again");
                }
                long before = transaction.supersedes().stream()
                        .mapToLong(head -> after.getOrDefault(head, ancestor))
                        .findFirst()
                        .orElse(0);
                long now = before;
                for (StoredEvent event : transaction.events()) {
                    now = count(now, event);
                }
                after.put(transaction.id(), now);
                sum += now - before;
            }
            resolution = resolution.and(stream.id(), NewEvent.of("Counted", String.valueOf(sum)));
        }
        return resolution;
    }

    private static long count(long before, StoredEvent event) {
        return event instanceof RecordedEvent counted ? Long.parseLong(counted.data()) : before;
    }
}
