package dev.evstore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.fs.FileEventStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two clones of one store that fork and resolve offline, united by the git program alone. Needs git and sh. */
final class ResolvedApartIT {

    private static final Pattern RESOLVED = Pattern.compile(
            "\"resolved\":\\[\\{\"streams\":\\[\"account-1\",\"account-2\"],\"tx\":\"([0-9a-f-]{36})\"");

    @TempDir
    private Path directory;

    private World world;
    private Path anna;
    private Path bert;

    @BeforeEach
    void twoClones() throws Exception {
        world = new World(directory);
        world.stores = new World.OnFiles();
        anna = Files.createDirectory(directory.resolve("anna"));
        new InGit(anna).git("init", "-q", "-b", "main");
        FileEventStore.create(anna).close();
        run(anna, 0, "append", "account-1", "--type", "Opened", "--data", "100");
        commit(anna, "open");
        bert = directory.resolve("bert");
        new InGit(anna).git("clone", "-q", ".", bert.toString());
        new InGit(anna).git("remote", "add", "bert", bert.toString());
        for (Path clone : List.of(anna, bert)) {
            new InGit(clone).git("config", "user.name", "somebody");
            new InGit(clone).git("config", "user.email", "somebody@example.org");
        }
        // It says what it is told, so that anything local in that would show.
        Files.writeString(directory.resolve("decide.sh"), """
                told=$(cksum | cut -d ' ' -f 1)
                echo '{"resolve":[{"stream":"account-1","type":"Checked","data":'$told'},'
                echo '{"stream":"account-2","type":"Checked","data":'$told'}]}'
                """);
    }

    private static void commit(Path clone, String message) throws Exception {
        new InGit(clone).commit(message);
    }

    private String run(Path clone, int exit, String... arguments) {
        return run(clone, "", exit, arguments);
    }

    private String run(Path clone, String input, int exit, String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "-C";
        all[1] = clone.toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        World.Ran ran = world.run(input, all);
        assertEquals(exit, ran.exit(), ran.out() + ran.err());
        return ran.out();
    }

    /** One transaction on two streams on either side, then everything everywhere. */
    private void fork() throws Exception {
        for (Path clone : List.of(anna, bert)) {
            String event = "\"type\":\"Moved\",\"data\":\"" + clone.getFileName() + "\",\"tx\":\"x\"}\n";
            run(clone, "{\"stream\":\"account-1\"," + event + "{\"stream\":\"account-2\"," + event, 0, "import", "-");
            commit(clone, "apart");
        }
        pullBothWays();
        assertEquals(run(anna, 1, "forks", "--json"), run(bert, 1, "forks", "--json"));
    }

    private void pullBothWays() throws Exception {
        new InGit(bert).git("pull", "-q", "--no-rebase", "--no-edit");
        new InGit(anna).git("pull", "-q", "--no-rebase", "--no-edit", "bert", "main");
    }

    private void assertOneAndClean() throws Exception {
        assertEquals(run(anna, 0, "digest"), run(bert, 0, "digest"));
        for (Path clone : List.of(anna, bert)) {
            assertEquals("", new InGit(clone).git("status", "--porcelain"));
            run(clone, 0, "forks");
            run(clone, 0, "status");
            run(clone, 0, "verify");
        }
        assertEquals(run(anna, 0, "read", "account-1", "--json"), run(bert, 0, "read", "account-1", "--json"));
    }

    /** The transaction that resolved both streams at once. */
    private static String resolution(String json) {
        Matcher found = RESOLVED.matcher(json);
        assertTrue(found.find(), json);
        return found.group(1);
    }

    private String byProgram(Path clone) {
        return resolution(run(
                clone,
                0,
                "reconcile",
                "--json",
                "--exec",
                "sh",
                "--exec",
                directory.resolve("decide.sh").toString()));
    }

    @Test
    void whoResolvesOfflineAlikeIsUnitedByAPlainPull() throws Exception { // M1, M2, M4, F5
        fork();
        assertEquals(byProgram(anna), byProgram(bert));
        commit(anna, "anna's resolution");
        commit(bert, "bert's resolution");
        pullBothWays();
        assertOneAndClean();
        run(anna, 0, "append", "account-1", "--type", "Withdrawn", "--data", "1", "--expect", "4");
    }

    @Test
    void whoResolvesDifferentlyMakesAForkThatOneMoreResolutionEnds() throws Exception { // M2
        fork();
        String byAnna = byProgram(anna);
        String byBert = resolution(run(bert, 0, "reconcile", "--json", "--accept-order"));
        assertNotEquals(byAnna, byBert);
        commit(anna, "anna's resolution");
        commit(bert, "bert's resolution");
        pullBothWays();
        String forks = run(bert, 1, "forks", "--json");
        assertEquals(forks, run(anna, 1, "forks", "--json"));
        assertTrue(forks.contains(byAnna) && forks.contains(byBert) && forks.contains("\"resolved\":["), forks);
        byProgram(bert);
        commit(bert, "the last word");
        pullBothWays();
        assertOneAndClean();
    }

    @Test
    void aStreamWithoutItsMiddleIsNotResolved() throws Exception { // F7
        String middle = "";
        for (String n : List.of("1", "2")) {
            run(anna, 0, "append", "account-1", "--type", "Deposited", "--data", n);
            commit(anna, n);
            middle = n.equals("1")
                    ? new InGit(anna).git("show", "--name-only", "--format=").strip()
                    : middle;
        }
        new InGit(bert).git("pull", "-q");
        new InGit(bert).git("rm", "-q", middle);
        commit(bert, "the middle is gone");
        run(bert, 1, "forks");
        String said = run(bert, 1, "reconcile", "--accept-order", "--json");
        assertTrue(said.contains("\"resolved\":[],") && said.contains("\"why\":\"incomplete\""), said);
        new InGit(bert).git("fetch", "-q");
        said = run(bert, 1, "merge", "origin/main", "--accept-order", "--json");
        assertTrue(said.contains("\"resolved\":[],") && said.contains("\"why\":\"incomplete\""), said);
        run(bert, 1, "merge", "origin/main", "--accept-order", "--accept-missing");
        run(bert, 0, "forks");
    }
}
