package dev.evstore.testkit;

import dev.evstore.core.InMemoryEventStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Some replicas of one store, in memory, that share one clock and know of each other only what is synced. */
public final class Replicas implements AutoCloseable {

    private final ManualClock clock = new ManualClock();
    private final List<InMemoryEventStore> stores = new ArrayList<>();

    private Replicas(int n) {
        for (int i = 0; i < n; i++) {
            stores.add(new InMemoryEventStore(clock, new Random(i)));
        }
    }

    public static Replicas inMemory(int n) {
        return new Replicas(n);
    }

    /** What tells all of them the time. */
    public ManualClock clock() {
        return clock;
    }

    public InMemoryEventStore replica(int i) {
        return stores.get(i);
    }

    /** Both hold afterwards what either held: what a git merge in both directions does. */
    public void sync(int a, int b) {
        replica(a).ingest(replica(b).transactions());
        replica(b).ingest(replica(a).transactions());
    }

    @Override
    public void close() {
        stores.forEach(InMemoryEventStore::close);
    }
}
