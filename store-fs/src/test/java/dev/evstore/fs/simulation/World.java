package dev.evstore.fs.simulation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** All replicas of a walk, what they have in common, and what happened. */
final class World {

    static final int MAX_REPLICAS = 6;

    private static final int DAYS_OF_A_YEAR = 365;

    private final Path directory;
    private final boolean inGit;
    private final Commits commits = new Commits();
    private final Positions positions = new Positions();
    private final List<Replica> replicas = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private int numbers;

    World(Path directory, boolean inGit) {
        this.directory = directory;
        this.inGit = inGit;
    }

    Path directory() {
        return directory;
    }

    Commits commits() {
        return commits;
    }

    Positions positions() {
        return positions;
    }

    List<Replica> replicas() {
        return replicas;
    }

    List<String> trace() {
        return trace;
    }

    void say(String what) {
        trace.add("    " + what);
    }

    /** A number that was not given before. */
    int number() {
        return numbers++;
    }

    /** A clone of nothing yet, its clock up to a year off. */
    Replica addReplica(Random random) throws IOException {
        String name = "r" + replicas.size();
        Path root = Files.createDirectories(directory.resolve(name));
        if (inGit) {
            makeRepository(root);
        }
        Replica replica = new Replica(this, name, new Clone(commits, root), inGit);
        replica.withConsumers();
        if (random.nextInt(3) == 0) {
            replica.clock().move(Duration.ofDays(random.nextInt(2 * DAYS_OF_A_YEAR) - DAYS_OF_A_YEAR));
        }
        replicas.add(replica);
        replica.open(random);
        return replica;
    }

    /** A copy of a whole working copy, with everything local in it. */
    Replica copy(Replica of, Random random) throws IOException {
        String name = "r" + replicas.size();
        Path root = directory.resolve(name);
        Trees.copy(of.root(), root);
        Replica copy = new Replica(this, name, of.git().copy(root), inGit);
        of.consumers().forEach(consumer -> copy.consumers().add(consumer.copy()));
        copy.newIndex(Consumer.Cursor.STALE);
        copy.clock().set(of.clock().instant());
        replicas.add(copy);
        copy.open(random);
        return copy;
    }

    /** As much of a repository as the store looks at: one without a commit, for commits are simulated. */
    private static void makeRepository(Path root) throws IOException {
        Path git = root.resolve(".git");
        Files.createDirectories(git.resolve("objects"));
        Files.createDirectories(git.resolve("refs").resolve("heads"));
        write(git.resolve("HEAD"), "ref: refs/heads/main\n");
        write(git.resolve("config"), "[core]\n\trepositoryformatversion = 0\n\tbare = false\n");
    }

    private static void write(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Closes every store; the walk is over. */
    void close() throws IOException {
        for (Replica replica : replicas) {
            replica.disk().start();
            replica.close();
            replica.forgetTokens();
        }
    }
}
