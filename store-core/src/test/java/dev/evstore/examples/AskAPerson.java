package dev.evstore.examples;

import dev.evstore.core.event.Origin;
import dev.evstore.core.reconcile.Branch;
import dev.evstore.core.reconcile.ForkContext;
import dev.evstore.core.reconcile.ForkedStream;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolver;
import java.util.ArrayList;
import java.util.List;

/** Resolves nothing and says who has to talk to whom. */
public final class AskAPerson implements Resolver {

    @Override
    public Resolution resolve(ForkContext fork) {
        List<String> lines = new ArrayList<>();
        for (ForkedStream stream : fork.streams()) {
            for (Branch branch : stream.branches()) {
                Origin origin = branch.head().origin();
                String who = origin == null
                        ? "an earlier resolution"
                        : "replica " + origin.replica().shortForm() + " at " + origin.at();
                int events = branch.fold(0, (n, event) -> n + 1);
                lines.add(stream.id() + ": " + events + " by " + who);
            }
        }
        return Resolution.unresolvable(String.join("; ", lines));
    }
}
