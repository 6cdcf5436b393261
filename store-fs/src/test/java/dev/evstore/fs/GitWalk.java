package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Durability;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Three clones and a bare repository between them, and a hand that does at random what people do with git. One seed is
 * one walk: clocks, ids, replicas and the dates of commits follow from it.
 */
final class GitWalk implements AutoCloseable {

    /** What the hand may do, and how often it does. */
    private enum Step {
        APPEND(10),
        APPEND_AND_COMMIT(14),
        IMPORT(2),
        COMMIT(4),
        EVSTORE_COMMIT(8),
        EVSTORE_MERGE(4),
        EVSTORE_SYNC(4),
        EDIT(3),
        PUSH(8),
        PULL(6),
        PULL_REBASE(5),
        FETCH(2),
        MERGE(5),
        SQUASH(3),
        OCTOPUS(2),
        BRANCH(3),
        SWITCH(4),
        CHERRY_PICK(5),
        REBASE(3),
        REORDER(3),
        /** The only steps after which git may stop on event files: design K2. */
        REVERT(18),
        NEW_MONTH(1),
        STASH(2),
        STASH_ALL(3),
        STASH_POP(4),
        STASH_DROP(1),
        RESET(3),
        RESET_HARD(3),
        CLEAN(1),
        RESTORE(2),
        WORKTREE(1),
        TAG(1),
        GC(1),
        REOPEN(1);

        private final int weight;

        Step(int weight) {
            this.weight = weight;
        }

        boolean deletes() {
            return this == REVERT || this == NEW_MONTH;
        }

        static Step any(Random random, boolean deleting) {
            int at = random.nextInt(
                    Stream.of(values()).mapToInt(step -> step.weight).sum());
            for (Step step : values()) {
                at -= step.weight;
                if (at < 0) {
                    return step.deletes() && !deleting ? APPEND : step;
                }
            }
            throw new AssertionError(at);
        }
    }

    /**
     * What came of it, over many walks.
     *
     * @param stops how often git stopped for somebody to go on
     * @param stopsOnEvents how often on event files, among others
     */
    record Count(int steps, int transactions, int stops, int stopsOnEvents) {
        Count plus(Count other) {
            return new Count(
                    steps + other.steps,
                    transactions + other.transactions,
                    stops + other.stops,
                    stopsOnEvents + other.stopsOnEvents);
        }
    }

    private final Path directory;
    private final Random random;
    private final boolean deleting;
    private final ManualClock clock = new ManualClock();
    private final Map<String, String> environment = new HashMap<>(Map.of("GIT_EDITOR", "true"));
    private final List<String> trail = new ArrayList<>();
    private final List<WalkingClone> clones = new ArrayList<>();
    private final Set<TransactionId> worktrees = new HashSet<>();
    private int steps;
    private int stops;
    private int stopsOnEvents;

    GitWalk(Path directory, long seed, boolean deleting) throws IOException {
        this.directory = directory;
        this.random = new Random(seed);
        this.deleting = deleting;
        tick();
        Path first = Files.createDirectories(directory.resolve("a"));
        new GitClone(first).git("init", "-q", "-b", "main");
        WalkingClone a = open(first);
        a.append(random);
        Files.writeString(first.resolve("notes.txt"), "1\n");
        assertTrue(a.ok("add", "-A") && a.ok("commit", "-q", "-m", "a store"));
        a.git.git("clone", "-q", "--bare", ".", directory.resolve("origin.git").toString());
        a.git.git("remote", "add", "origin", directory.resolve("origin.git").toString());
        a.git.git("fetch", "-q", "origin");
        a.git.git("branch", "-q", "-u", "origin/main");
        for (String name : List.of("b", "c")) {
            Path root = directory.resolve(name);
            a.git.git("clone", "-q", directory.resolve("origin.git").toString(), root.toString());
            open(root);
        }
    }

    /** A store whose replica follows from the seed. */
    private WalkingClone open(Path root) throws IOException {
        StoreOptions options = StoreOptions.defaults()
                .durability(Durability.RELAXED)
                .clock(clock)
                .random(new Random(random.nextLong()));
        Path replica;
        try (FileEventStore made = FileEventStore.create(root, options)) {
            replica = made.opened().layout().replica();
        }
        Files.writeString(
                replica,
                "{\"id\":\""
                        + new UUID((random.nextLong() & ~0xF000L) | 0x4000L, (random.nextLong() >>> 2) | (1L << 63))
                        + "\",\"seq\":0}\n");
        WalkingClone clone = new WalkingClone(root, options, environment, trail);
        clone.git.git("config", "gc.auto", "0");
        clone.git.git("config", "user.name", "Anna");
        clone.git.git("config", "user.email", "anna@example.org");
        clone.git.git("config", "advice.skippedCherryPicks", "false");
        clones.add(clone);
        return clone;
    }

    private void tick() {
        clock.move(Duration.ofSeconds(1 + random.nextInt(50)));
        String date = "@" + clock.instant().getEpochSecond() + " +0000";
        environment.put("GIT_AUTHOR_DATE", date);
        environment.put("GIT_COMMITTER_DATE", date);
    }

    /** Walks on; a failure tells the way. */
    void walk(int count) throws IOException {
        try {
            for (int k = 0; k < count; k++) {
                tick();
                WalkingClone clone = clones.get(random.nextInt(clones.size()));
                boolean waits = clone.unfinished() && random.nextInt(3) == 0;
                if (waits) {
                    step(clone, Step.APPEND);
                } else if (clone.unfinished()) {
                    goOn(clone, true);
                } else {
                    step(clone, Step.any(random, deleting));
                }
                clone.look();
                if (clone.unfinished() && !waits) {
                    stopped(clone);
                }
                steps++;
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(String.join("\n", trail), e);
        }
    }

    private void stopped(WalkingClone clone) {
        stops++;
        if (clone.unmerged().stream().anyMatch(GitWalk::isEvents)) {
            stopsOnEvents++;
            assertTrue(
                    deleting,
                    () -> "git stopped on event files: " + clone.git("status").said()); // K1, K2, T30
        }
    }

    private static boolean isEvents(String path) {
        return path.startsWith("events/");
    }

    private void step(WalkingClone clone, Step step) throws IOException {
        switch (step) {
            case APPEND -> clone.append(random);
            case APPEND_AND_COMMIT -> {
                clone.append(random);
                clone.append(random);
                commit(clone);
            }
            case IMPORT -> clone.appendAll(random, 2 + random.nextInt(3));
            case COMMIT -> commit(clone);
            case EVSTORE_COMMIT -> clone.withEvstore("commit", git -> git.commit(null));
            case EVSTORE_MERGE -> {
                String ref = ref(clone);
                clone.withEvstore("merge " + ref, git -> git.merge(ref));
            }
            case EVSTORE_SYNC -> clone.withEvstore("sync origin", git -> git.sync("origin", false));
            case EDIT -> edit(clone);
            case PUSH -> {
                if (!clone.ok("push", "-q", "origin", "HEAD:main")) {
                    clone.git("fetch", "-q");
                }
            }
            case PULL -> clone.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main");
            case PULL_REBASE -> clone.git("pull", "-q", "--rebase", "origin", "main");
            case FETCH -> clone.git("fetch", "-q", neighbour(clone), "+refs/heads/*:refs/remotes/neighbour/*");
            case MERGE -> clone.git("merge", "-q", "--no-edit", random.nextBoolean() ? "--no-ff" : "--ff", ref(clone));
            case SQUASH -> {
                clone.git("merge", "-q", "--squash", ref(clone));
                if (clone.unmerged().isEmpty()) {
                    clone.git("commit", "-q", "-m", "squashed");
                }
            }
            case OCTOPUS -> clone.git("merge", "-q", "--no-edit", ref(clone), ref(clone), ref(clone));
            case BRANCH -> clone.git("checkout", "-q", "-b", "branch-" + steps);
            case SWITCH -> clone.git("switch", "-q", ofList(clone.lines("branch", "--format=%(refname:short)")));
            case CHERRY_PICK -> withCommitOf(clone, ref(clone), "cherry-pick", "--allow-empty");
            case REBASE -> clone.git("rebase", "-q", ref(clone));
            case REORDER -> {
                environment.put("GIT_SEQUENCE_EDITOR", "sed -i -n '1!G;h;$p'");
                clone.git("rebase", "-q", "-i", "HEAD~" + (2 + random.nextInt(2)));
                environment.remove("GIT_SEQUENCE_EDITOR");
            }
            case REVERT -> withCommitOf(clone, "HEAD", "revert", "--no-edit");
            case NEW_MONTH -> clock.move(Duration.ofDays(20));
            case STASH -> clone.git("stash", "-q");
            case STASH_ALL -> clone.git("stash", "-q", "-u");
            case STASH_POP -> clone.git("stash", "pop", "-q");
            case STASH_DROP -> clone.git("stash", "drop", "-q");
            case RESET -> clone.git("reset", "-q", random.nextBoolean() ? "--soft" : "--mixed", "HEAD~1");
            case RESET_HARD -> clone.git("reset", "-q", "--hard", random.nextBoolean() ? "HEAD~1" : ref(clone));
            case CLEAN -> clone.git("clean", "-q", "-fd");
            case RESTORE -> clone.restore();
            case WORKTREE -> worktree(clone);
            case TAG -> clone.git("tag", "tag-" + steps);
            case GC -> clone.git("gc", "-q");
            case REOPEN -> clone.reopen();
        }
    }

    private void commit(WalkingClone clone) {
        clone.git("add", "-A");
        clone.git("commit", "-q", "-m", "step " + steps);
    }

    /** The user's own work: mostly in a file of one's own, at times in one that all change in the same place. */
    private void edit(WalkingClone clone) throws IOException {
        String name = random.nextInt(3) == 0 ? "notes.txt" : clone.git.root().getFileName() + ".txt";
        Files.write(
                clone.git.root().resolve(name),
                ("step " + steps + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private String neighbour(WalkingClone clone) {
        return ofList(clones.stream()
                .filter(other -> other != clone)
                .map(other -> other.git.root().toString())
                .toList());
    }

    private String ref(WalkingClone clone) {
        return ofList(clone.lines("for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes", "refs/tags"));
    }

    /** One of the last commits, but no merge and not the first. */
    private void withCommitOf(WalkingClone clone, String ref, String command, String option) {
        List<String> some = clone.lines("rev-list", "--no-merges", "--min-parents=1", "-n", "6", ref);
        if (!some.isEmpty()) {
            clone.git(command, option, ofList(some));
        }
    }

    private String ofList(List<String> some) {
        return some.get(random.nextInt(some.size()));
    }

    /** A second working tree with a store of its own, for a branch that is then merged. */
    private void worktree(WalkingClone clone) throws IOException {
        Path linked = directory.resolve("linked-" + steps);
        if (!clone.ok("worktree", "add", "-q", "-b", "linked-" + steps, linked.toString(), ref(clone))) {
            return;
        }
        try (WalkingClone other = open(linked)) {
            clones.remove(other);
            other.append(random);
            other.look();
            commit(other);
            other.look();
            worktrees.addAll(other.visible());
        }
        assertTrue(clone.ok("worktree", "remove", linked.toString()));
        clone.git("merge", "-q", "--no-edit", "linked-" + steps);
    }

    /** Gives up what is under way, or ends it. */
    private void goOn(WalkingClone clone, boolean mayGiveUp) {
        String what = underWay(clone);
        boolean onEvents = clone.unmerged().stream().anyMatch(GitWalk::isEvents);
        assertTrue(deleting || !onEvents, "git stopped on event files"); // K1, K2, T30
        if (mayGiveUp && !what.isEmpty() && random.nextInt(4) == 0) {
            assertTrue(clone.ok(what, "--abort"));
            return;
        }
        if (onEvents) {
            clone.resolve();
        }
        for (String path : clone.unmerged()) {
            clone.git("checkout", "-q", random.nextBoolean() ? "--ours" : "--theirs", "--", path);
            clone.git("add", "-A", "--", path);
        }
        switch (what) {
            case "" -> clone.git("commit", "-q", "--allow-empty", "-m", "ended");
            case "merge" -> assertTrue(clone.ok("commit", "-q", "--no-edit"));
            default -> {
                if (!clone.ok("-c", "core.editor=true", what, "--continue")
                        && clone.unmerged().isEmpty()) {
                    clone.git(what, "--skip");
                }
            }
        }
    }

    private void end(WalkingClone clone) {
        for (int k = 0; clone.unfinished(); k++) {
            assertTrue(k < 1_000, "it never ends");
            tick();
            goOn(clone, false);
            clone.look();
        }
    }

    private static String underWay(WalkingClone clone) {
        Path git = clone.git.root().resolve(".git");
        if (Files.exists(git.resolve("rebase-merge")) || Files.exists(git.resolve("rebase-apply"))) {
            return "rebase";
        }
        if (Files.exists(git.resolve("CHERRY_PICK_HEAD")) || Files.exists(git.resolve("sequencer"))) {
            return "cherry-pick";
        }
        if (Files.exists(git.resolve("REVERT_HEAD"))) {
            return "revert";
        }
        return Files.exists(git.resolve("MERGE_HEAD")) ? "merge" : "";
    }

    /** All end what they began, bring back what is lost, and meet: they then hold the same. */
    Count meet() throws IOException {
        try {
            for (WalkingClone clone : clones) {
                end(clone);
                clone.restore();
                commit(clone);
                clone.git("switch", "-q", "main");
                clone.look();
            }
            for (int round = 0; round < 2; round++) {
                for (WalkingClone clone : clones) {
                    step(clone, Step.PULL);
                    clone.look();
                    end(clone);
                    assertTrue(clone.ok("push", "-q", "origin", "HEAD:main"));
                }
            }
            WalkingClone first = clones.get(0);
            for (WalkingClone clone : clones) {
                step(clone, Step.PULL);
                clone.look();
                assertEquals(first.visible(), clone.visible());
                assertEquals(first.store().digest(), clone.store().digest());
            }
            String commit = ofList(first.lines("rev-list", "--all", "--reflog"));
            first.restore(commit);
            return new Count(steps, first.visible().size(), stops, stopsOnEvents);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(String.join("\n", trail), e);
        }
    }

    @Override
    public void close() {
        clones.forEach(WalkingClone::close);
    }
}
