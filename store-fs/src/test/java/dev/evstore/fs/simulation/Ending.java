package dev.evstore.fs.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.StreamInfo;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.EventId;
import dev.evstore.core.reconcile.Resolver;
import dev.evstore.fs.StoreAgainstModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All replicas exchange everything: then they hold the same. Each resolves what is forked, by itself and alike: then
 * they hold the same again, without an exchange, and nothing is forked.
 */
final class Ending {

    private Ending() {}

    static void run(World world, Random random) throws IOException {
        for (Replica replica : world.replicas()) {
            if (replica.isInGit()) {
                replica.store().restore();
            }
        }
        exchange(world, random);
        assertEqual(world, "I4: replicas with the same files");
        Resolver resolver = Writing.resolver(0);
        for (Replica replica : world.replicas()) {
            ReconcileReport report = Writing.reconcile(
                    world, replica, resolver, ReconcileOptions.all().acceptingMissing());
            assertEquals(List.of(), report.unresolved(), "M3");
            assertEquals(List.of(), replica.store().forks(), "M2: one more reconcile");
        }
        assertEqual(world, "M1, M2: replicas that resolved the same forks alike");
        exchange(world, random);
        assertEqual(world, "M2, I5: replicas that exchanged equal merges");
        for (Replica replica : world.replicas()) {
            StoreAgainstModel.check(replica.store(), replica.visible());
            assertEquals(List.of(), replica.store().forks(), "M2");
            Invariants.checkAcknowledged(world, replica, replica.visible());
            Invariants.checkAll(world, replica);
        }
    }

    /** Of each file that is anywhere: a torn one gives way to the whole. */
    private static void exchange(World world, Random random) throws IOException {
        SortedMap<String, byte[]> all = new TreeMap<>();
        for (Commit commit : world.commits().all()) {
            add(world, all, commit.files());
        }
        for (Replica replica : world.replicas()) {
            add(world, all, replica.git().tree().files());
        }
        for (Replica replica : world.replicas()) {
            replica.git().tree().bring(all, random, () -> {});
            replica.store().refresh();
        }
    }

    private static void add(World world, SortedMap<String, byte[]> all, SortedMap<String, byte[]> files)
            throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (!all.containsKey(file.getKey()) || world.commits().contents().isWhole(file.getValue())) {
                all.put(file.getKey(), file.getValue());
            }
        }
    }

    /** Digests, order and heads. */
    private static void assertEqual(World world, String why) {
        Replica first = world.replicas().get(0);
        for (Replica other : world.replicas()) {
            assertEquals(digest(first), digest(other), why);
            assertEquals(order(first), order(other), why);
            assertEquals(streams(first), streams(other), why);
        }
    }

    private static Digest digest(Replica replica) {
        return replica.store().digest();
    }

    private static List<EventId> order(Replica replica) {
        List<EventId> order = new ArrayList<>();
        replica.store().readAll(ReadAllOptions.forwards()).forEach(event -> order.add(event.id()));
        return order;
    }

    private static List<StreamInfo> streams(Replica replica) {
        return replica.store().streams("");
    }
}
