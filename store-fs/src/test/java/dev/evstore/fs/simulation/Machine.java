package dev.evstore.fs.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.evstore.core.ProgressListener;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.TransactionId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** What happens to a machine, and to what is local on it. */
final class Machine {

    private static final int HOURS_OF_A_MONTH = 24 * 30;

    private Machine() {}

    static void reopen(World world, Replica replica, Random random) throws IOException {
        replica.close();
        replica.open(random);
    }

    static void stop(World world, Replica replica, Random random) {
        replica.disk().stop(); // the walk sees to the rest
    }

    /** Time goes on, a little or a lot; or somebody sets the clock back. */
    static void clock(World world, Replica replica, Random random) {
        Duration by = switch (random.nextInt(4)) {
            case 0 -> Duration.ofMillis(random.nextInt(1000));
            case 1 -> Duration.ofHours(random.nextInt(HOURS_OF_A_MONTH));
            case 2 -> Duration.ofMinutes(-random.nextInt(100));
            default -> Duration.ofHours(-random.nextInt(HOURS_OF_A_MONTH));
        };
        replica.clock().move(by);
        world.say("by " + by);
    }

    static void reindex(World world, Replica replica, Random random) {
        replica.store().reindex(ProgressListener.NONE);
    }

    static void reindexFromScratch(World world, Replica replica, Random random) {
        replica.newIndex(Consumer.Cursor.DOUBTFUL);
        replica.store().reindexFromScratch(ProgressListener.NONE);
        replica.newIndex(Consumer.Cursor.STALE);
    }

    /** The local directory or its index is deleted, damaged, or brought back from a backup. */
    static void loseLocal(World world, Replica replica, Random random) throws IOException {
        Path local = replica.layout().local();
        Path home = replica.layout().home();
        Set<TransactionId> kept = new HashSet<>(world.commits().committed());
        replica.visible().forEach(header -> kept.add(header.id()));
        ReplicaId before = replica.store().replica();
        replica.disk().disarm();
        replica.close();
        replica.disk().settle();
        replica.newIndex(Consumer.Cursor.STALE);
        switch (random.nextInt(4)) {
            case 0 -> {
                Trees.remove(home);
                replica.loseCopies(kept);
                world.say(".evstore is deleted");
            }
            case 1 -> {
                Path backup = replica.root().resolve("backup");
                Trees.copy(home, backup);
                Trees.remove(home);
                Files.move(backup, home);
                replica.loseCopies(kept);
                world.say(".evstore is brought back from a backup");
            }
            case 2 -> {
                Files.delete(local.resolve("current"));
                world.say("current is deleted");
            }
            default -> {
                damage(local);
                world.say("the index is damaged");
            }
        }
        replica.open(random);
        boolean renewed = !Files.isDirectory(local);
        assertEquals(!renewed, before.equals(replica.store().replica()), "L1: whose local directory it is");
    }

    private static void damage(Path local) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(local, "index-*.db*")) {
            for (Path file : all) {
                Files.write(file, new byte[] {1, 2, 3});
            }
        }
    }

    /** A copy of the whole working copy goes on as another replica. */
    static void copy(World world, Replica replica, Random random) throws IOException {
        if (world.replicas().size() == World.MAX_REPLICAS) {
            return;
        }
        replica.disk().disarm();
        Replica copy = world.copy(replica, random);
        world.say(copy.name() + " is a copy");
        assertNotEquals(replica.store().replica(), copy.store().replica(), "L1: a copy is another replica");
        Invariants.check(world, copy, random);
    }
}
