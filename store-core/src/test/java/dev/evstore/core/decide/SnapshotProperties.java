package dev.evstore.core.decide;

import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.ManualClock;
import dev.evstore.testkit.SnapshotWalk;
import dev.evstore.testkit.Subject;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

class SnapshotProperties {

    @Provide
    Arbitrary<List<SnapshotWalk.Move>> moves() {
        return SnapshotWalk.moves();
    }

    @Property(tries = 200)
    void loadingWithSnapshotsIsLoadingWithout(@ForAll("moves") List<SnapshotWalk.Move> moves) { // T44
        try (Subject subject = new InMemory(new InMemoryEventStore(new ManualClock(), new Random(5)))) {
            int goneOn = SnapshotWalk.walk(subject, moves);
            // Else it would hold of a store that never goes on with anything.
            Statistics.label("gone on")
                    .collect(goneOn > 0)
                    .coverage(coverage -> coverage.check(true).percentage(p -> p > 50));
        }
    }

    private record InMemory(InMemoryEventStore store) implements Subject {
        @Override
        public void arrive(Collection<Transaction> foreign) {
            store.ingest(foreign);
        }

        @Override
        public void retract(Collection<TransactionId> ids) {
            store.retract(ids);
        }
    }
}
