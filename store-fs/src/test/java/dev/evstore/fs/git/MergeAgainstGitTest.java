package dev.evstore.fs.git;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random trees merged here and by {@code git merge-tree}, which makes the same of everything but event files. */
class MergeAgainstGitTest {

    private static final int ROUNDS = 150;

    private static final List<String> PATHS = List.of(
            "a", "b", "d/a", "d/b", "d/e/a", "d/e/f/a", "x.jsonl", "ü/a", "events/note", "events/2026-11/n.txt", "z");

    private static final List<String> EVENTS =
            List.of("events/2026-11/1.jsonl", "events/2026-11/2.jsonl", "events/2026-12/3.jsonl", "events/4.jsonl");

    @TempDir
    Path directory;

    private final StringBuilder script = new StringBuilder();

    @BeforeEach
    void aRepository() throws Exception {
        git("init", "-q", "-b", "main");
    }

    @Test
    void mergesTheUsersOwnFilesAsGitDoes() throws Exception { // G3
        Random random = new Random(7);
        for (int round = 0; round < ROUNDS; round++) {
            SortedMap<String, String> base = files(random);
            commit("base" + round, "", base);
            commit("ours" + round, "base" + round, changed(base, random));
            commit("theirs" + round, "base" + round, changed(base, random));
        }
        run(script.toString(), 0, "fast-import", "--quiet");
        int clean = 0;
        int stopped = 0;
        try (Repository repository = open()) {
            for (int round = 0; round < ROUNDS; round++) {
                MergePlan plan = plan(repository, "ours" + round, "theirs" + round);
                String[] said = run(
                                "",
                                -1,
                                "merge-tree",
                                "--write-tree",
                                "--name-only",
                                "--no-messages",
                                "ours" + round,
                                "theirs" + round)
                        .split("\n");
                if (plan.standing() != MergeBases.Standing.DIVERGED) {
                    continue; // one side changed nothing
                }
                if (said.length == 1) {
                    clean++;
                    assertEquals(List.of(), plan.conflicts(), "round " + round);
                    assertEquals(
                            said[0],
                            String.valueOf(
                                    plan.tree() == null ? null : plan.tree().name()),
                            "round " + round);
                } else {
                    stopped++;
                    assertTrue(!plan.conflicts().isEmpty(), "round " + round + ": " + List.of(said));
                    assertNull(plan.tree());
                }
            }
        }
        assertTrue(clean > 20 && stopped > 20, clean + " and " + stopped);
    }

    @Test
    void eventFilesAreNeverInConflict() throws Exception { // G3, K2
        Random random = new Random(11);
        for (int round = 0; round < ROUNDS; round++) {
            SortedMap<String, String> base = eventFiles(random);
            commit("base" + round, "", base);
            commit("ours" + round, "base" + round, with(eventFiles(random), "o", "o"));
            commit("theirs" + round, "base" + round, with(eventFiles(random), "t", "t"));
        }
        run(script.toString(), 0, "fast-import", "--quiet");
        try (Repository repository = open()) {
            for (int round = 0; round < ROUNDS; round++) {
                MergePlan plan = plan(repository, "ours" + round, "theirs" + round);
                MergePlan other = plan(repository, "theirs" + round, "ours" + round);
                assertEquals(List.of(), plan.conflicts());
                assertEquals(contents(plan), contents(other), "both sides come to the same, round " + round);
                assertTrue(contents(plan).containsAll(addedBy(round, "ours")), "round " + round);
                assertTrue(contents(plan).containsAll(addedBy(round, "theirs")), "round " + round);
            }
        }
    }

    private List<String> contents(MergePlan plan) throws Exception {
        ObjectId tree = Objects.requireNonNull(plan.tree());
        List<String> contents = new ArrayList<>();
        for (String line :
                run("", 0, "ls-tree", "-r", tree.name(), "events").lines().toList()) {
            contents.add(line.split("\\s", -1)[2]);
        }
        return contents.stream().sorted().distinct().toList();
    }

    /** What a side has that the base had not, under this name. */
    private List<String> addedBy(int round, String side) throws Exception {
        List<String> added = new ArrayList<>();
        String difference = run("", 0, "diff-tree", "-r", "base" + round, side + round, "--", "events");
        for (String line : difference.lines().toList()) {
            String[] fields = line.split("\\s", -1);
            if (!fields[4].equals("D")) {
                added.add(fields[3]);
            }
        }
        return added;
    }

    private static SortedMap<String, String> with(SortedMap<String, String> files, String path, String content) {
        files.put(path, content);
        return files;
    }

    private static SortedMap<String, String> eventFiles(Random random) {
        SortedMap<String, String> files = new TreeMap<>();
        for (String path : EVENTS) {
            int which = random.nextInt(4);
            if (which > 0) {
                files.put(path, path + which);
            }
        }
        return files;
    }

    private static SortedMap<String, String> files(Random random) {
        SortedMap<String, String> files = new TreeMap<>();
        files.put("seed", "s" + random.nextInt());
        for (String path : PATHS) {
            if (random.nextInt(3) > 0) {
                put(files, path, text(path, random));
            }
        }
        return files;
    }

    private static String text(String path, Random random) {
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < 12; line++) {
            text.append(path).append(" line ").append(line).append('\n'); // nothing looks renamed
        }
        return text.append(random.nextInt(3)).append('\n').toString();
    }

    private static SortedMap<String, String> changed(SortedMap<String, String> base, Random random) {
        SortedMap<String, String> files = new TreeMap<>(base);
        for (int change = random.nextInt(4); change >= 0; change--) {
            String path = PATHS.get(random.nextInt(PATHS.size()));
            String before = files.get(path);
            switch (random.nextInt(4)) {
                case 0 -> files.remove(path);
                case 1 -> put(files, path, text(path, random));
                case 2 -> put(files, path + "/sub", path + random.nextInt(2));
                default -> {
                    if (before != null) {
                        files.put(path, before.replace(" line " + random.nextInt(12) + "\n", " other\n"));
                    }
                }
            }
        }
        return files;
    }

    /** A name is a file or a directory; what is put last decides. */
    private static void put(SortedMap<String, String> files, String path, String content) {
        files.keySet().removeIf(other -> other.startsWith(path + "/") || path.startsWith(other + "/"));
        files.put(path, content);
    }

    private void commit(String branch, String parent, SortedMap<String, String> files) {
        script.append("commit refs/heads/" + branch + "\ncommitter A <a@example.org> 1700000000 +0000\ndata 1\nm\n");
        if (!parent.isEmpty()) {
            script.append("from refs/heads/" + parent + "\n");
        }
        script.append("deleteall\n");
        files.forEach((path, content) -> script.append("M 100644 inline " + path + "\ndata "
                + content.getBytes(StandardCharsets.UTF_8).length + "\n" + content + "\n"));
    }

    private Repository open() throws IOException {
        return new FileRepositoryBuilder()
                .setGitDir(directory.resolve(".git").toFile())
                .build();
    }

    private static MergePlan plan(Repository repository, String ours, String theirs) throws IOException {
        return Unobtrusive.asking(
                () -> MergePlan.of(repository, "events", repository.resolve(ours), repository.resolve(theirs)));
    }

    private String git(String... arguments) throws Exception {
        return run("", 0, arguments);
    }

    /** Runs git, which has to end with {@code exit} unless that is negative. */
    private String run(String input, int exit, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Path in = Files.writeString(directory.resolve("input"), input);
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(in.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int ended = process.waitFor();
        assertTrue(exit < 0 || ended == exit, () -> command + ": " + said);
        return said;
    }
}
