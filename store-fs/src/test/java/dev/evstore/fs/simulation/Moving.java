package dev.evstore.fs.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.history.History;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.log.KeptFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What people do with git, and other programs with files; the store is open and looks now and then in the middle. */
final class Moving {

    private Moving() {}

    private static WorkingTree.Between looking(Replica replica, Random random) {
        return () -> {
            if (random.nextBoolean()) {
                replica.store().refresh();
                Reading.readPage(replica, random);
            }
        };
    }

    static void commit(World world, Replica replica, Random random) throws IOException {
        world.say(replica.git().commit().toString());
        prune(world, replica, random);
    }

    static void fold(World world, Replica replica, Random random) throws IOException {
        Commit commit = replica.git().fold(replica.disk(), replica.layout().temporary());
        world.say(commit.toString());
        prune(world, replica, random);
    }

    /** As status and commit do once HEAD holds a file: its second copy is superfluous. */
    private static void prune(World world, Replica replica, Random random) throws IOException {
        Path copies = replica.layout().uncommitted();
        if (random.nextBoolean() && Files.isDirectory(copies)) {
            for (String path : new KeptFiles(replica.layout()).list()) {
                Set<TransactionId> held =
                        world.commits().contents().ids(List.of(Files.readAllBytes(copies.resolve(path))));
                if (world.commits().committed().containsAll(held)) {
                    replica.disk().remove(copies.resolve(path));
                }
            }
        }
    }

    /** Learns what another clone's branch is at. */
    static void fetch(World world, Replica replica, Random random) {
        Replica from = world.replicas().get(random.nextInt(world.replicas().size()));
        replica.git().fetched().put(from.name(), from.git().head());
        world.say(from.name() + " has " + from.git().head());
    }

    private static Commit fetched(World world, Replica replica, Random random) {
        if (replica.git().fetched().isEmpty() || random.nextInt(4) > 0) {
            fetch(world, replica, random);
        }
        List<Commit> known = new ArrayList<>(replica.git().fetched().values());
        return known.get(random.nextInt(known.size()));
    }

    static void merge(World world, Replica replica, Random random) throws IOException {
        Commit theirs = fetched(world, replica, random);
        Commit merge = replica.git().merge(theirs.files(), random, looking(replica, random));
        world.say(theirs + " is merged: " + merge);
    }

    /** A cherry-pick: some files of another commit, whatever they name. */
    static void partialMerge(World world, Replica replica, Random random) throws IOException {
        SortedMap<String, byte[]> some =
                new TreeMap<>(fetched(world, replica, random).files());
        some.keySet().removeIf(path -> random.nextBoolean());
        Commit merge = replica.git().merge(some, random, looking(replica, random));
        world.say(some.keySet() + " are taken: " + merge);
    }

    static void branch(World world, Replica replica, Random random) {
        replica.git().branch("b" + world.number());
    }

    static void checkout(World world, Replica replica, Random random) throws IOException {
        List<String> branches = replica.git().branches();
        String branch = branches.get(random.nextInt(branches.size()));
        replica.git().checkout(branch, random, looking(replica, random));
        world.say(branch + ": " + replica.git().head());
    }

    static void reset(World world, Replica replica, Random random) throws IOException {
        List<Commit> all = world.commits().all();
        Commit to = all.get(random.nextInt(all.size()));
        replica.git().reset(to, random, looking(replica, random));
        world.say("to " + to);
    }

    /** In a repository: all tracked files go and come again, and others with them; meanwhile nothing is retracted (P6). */
    static void rebase(World world, Replica replica, Random random) throws IOException {
        if (!replica.isInGit()) {
            return;
        }
        replica.store().refresh();
        replica.disk().disarm();
        Commit onto = fetched(world, replica, random);
        SortedMap<String, byte[]> before = new TreeMap<>(replica.git().head().files());
        List<TransactionHeader> visible = replica.visible();
        Path atWork = Files.createDirectories(replica.root().resolve(".git").resolve("rebase-merge"));
        try {
            replica.git().reset(onto, random, () -> {});
            replica.store().refresh();
            visible.addAll(replica.visible());
            assertEquals(History.of(visible).digest(), replica.store().digest(), "P6: git is between two steps");
            replica.git().merge(before, random, () -> {});
        } finally {
            Files.delete(atWork);
        }
        world.say("onto " + onto);
    }

    /** In a repository, where second copies are kept: what is untracked is deleted, and restored (L2). */
    static void clean(World world, Replica replica, Random random) throws IOException {
        if (!replica.isInGit()) {
            return;
        }
        for (String path : replica.git().untracked().keySet()) {
            replica.git().tree().delete(path);
        }
        Set<TransactionId> elsewhere = new HashSet<>(world.commits().committed());
        replica.visible().forEach(header -> elsewhere.add(header.id()));
        replica.loseUntracked(elsewhere);
        if (random.nextBoolean()) {
            Invariants.check(world, replica, random);
        }
        if (random.nextInt(3) > 0) {
            world.say("restored: " + replica.store().restore().files());
            Set<TransactionId> there = new HashSet<>();
            replica.visible().forEach(header -> there.add(header.id()));
            Set<TransactionId> lost = new HashSet<>(replica.acknowledged());
            lost.removeAll(world.commits().committed());
            lost.removeAll(there);
            assertTrue(lost.isEmpty(), () -> "L2: not restored: " + lost);
        }
    }

    /** A sync folder or an rsync brings a file, of which a part is there first. */
    static void tornFile(World world, Replica replica, Random random) throws IOException {
        List<Commit> all = world.commits().all();
        SortedMap<String, byte[]> files =
                new TreeMap<>(all.get(random.nextInt(all.size())).files());
        files.keySet().removeAll(replica.git().tree().files().keySet());
        if (files.isEmpty()) {
            return;
        }
        List<Map.Entry<String, byte[]>> some = new ArrayList<>(files.entrySet());
        Map.Entry<String, byte[]> file = some.get(random.nextInt(some.size()));
        byte[] part = Arrays.copyOf(file.getValue(), random.nextInt(file.getValue().length));
        replica.git().tree().write(file.getKey(), part);
        Invariants.check(world, replica, random);
        if (random.nextInt(3) > 0) {
            replica.git().tree().write(file.getKey(), file.getValue());
        }
        world.say(file.getKey());
    }
}
