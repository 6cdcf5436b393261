package dev.evstore.testkit;

import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.RefreshReport;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.Resolver;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Some replicas of one store, in memory, that share one clock and know of each other only what is synced. Nothing in
 * them is left to chance: the same calls give the same ids. Not thread-safe.
 */
public final class Replicas implements AutoCloseable {

    private final ManualClock clock = new ManualClock();
    private final List<InMemoryEventStore> stores = new ArrayList<>();
    private final List<Duration> skews = new ArrayList<>();

    private Replicas(int n) {
        for (int i = 0; i < n; i++) {
            skews.add(Duration.ZERO);
            stores.add(new InMemoryEventStore(wall(i), new Random(i)));
        }
    }

    private Clock wall(int i) {
        return new Clock() {
            @Override
            public Instant instant() {
                return clock.instant().plus(skews.get(i));
            }

            @Override
            public ZoneId getZone() {
                return clock.getZone();
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return clock.withZone(zone);
            }
        };
    }

    public static Replicas inMemory(int n) {
        return new Replicas(n);
    }

    public int size() {
        return stores.size();
    }

    /** What tells all of them the time. */
    public ManualClock clock() {
        return clock;
    }

    /** From now on this replica's clock is off by that much. */
    public void skew(int i, Duration by) {
        skews.set(i, by);
    }

    public InMemoryEventStore replica(int i) {
        return stores.get(i);
    }

    /** Both hold afterwards what either held: what a git merge in both directions does. */
    public void sync(int a, int b) {
        pull(a, b);
        pull(b, a);
    }

    /** All of them hold afterwards what any of them held. */
    public void syncAll() {
        for (int i = 1; i < size(); i++) {
            pull(0, i);
        }
        for (int i = 1; i < size(); i++) {
            pull(i, 0);
        }
    }

    /** The first holds afterwards, too, what the second holds. */
    public RefreshReport pull(int to, int from) {
        return pullSome(to, from, transaction -> true);
    }

    /** The first holds afterwards, too, some of what the second holds: a cherry-pick, a partial checkout. */
    public RefreshReport pullSome(int to, int from, Predicate<Transaction> which) {
        return replica(to)
                .ingest(replica(from).transactions().stream().filter(which).toList());
    }

    /** One replica loses transactions, as by a reset or a branch switch; a pull may bring them back. */
    public RefreshReport retract(int i, TransactionId... transactions) {
        return replica(i).retract(List.of(transactions));
    }

    /** One replica resolves all its forks that it can. */
    public ReconcileReport reconcile(int i, Resolver resolver) {
        return replica(i).reconcile(resolver, ReconcileOptions.all());
    }

    @Override
    public void close() {
        stores.forEach(InMemoryEventStore::close);
    }
}
