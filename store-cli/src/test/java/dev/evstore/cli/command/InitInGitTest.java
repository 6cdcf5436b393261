package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code init --hooks} and {@code init --branch}. Needs the git program. */
final class InitInGitTest {

    @TempDir
    private Path directory;

    private World world;
    private Path code;

    @BeforeEach
    void aRepositoryOfCode() throws Exception {
        world = new World(directory);
        world.stores = new World.OnFiles();
        code = Files.createDirectories(directory.resolve("code"));
        git(code, "init", "-q", "-b", "main");
        Files.writeString(code.resolve("main.c"), "int main() { return 0; }\n");
        git(code, "add", "-A");
        git(code, "commit", "-q", "-m", "code");
    }

    private World.Ran run(Path where, String... arguments) {
        World.Ran ran = world.run(
                "",
                Stream.concat(Stream.of("-C", where.toString()), Stream.of(arguments))
                        .toArray(String[]::new));
        assertEquals(0, ran.exit(), () -> List.of(arguments) + ": " + ran.out() + ran.err());
        return ran;
    }

    /** A program of this name that notes how it was called, and fails. */
    private Path evstoreThatNotes() throws IOException {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Path notes = directory.resolve("called");
        Path program = bin.resolve("evstore");
        Files.writeString(program, "#!/bin/sh\necho \"$PWD $*\" >> '" + notes + "'\nexit 1\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return notes;
    }

    @Test
    void gitLooksAtTheStoreAfterItHasMovedFiles() throws Exception {
        Path notes = evstoreThatNotes();
        String said = run(code, "init", "it's notes", "--hooks").out();
        assertTrue(
                said.endsWith("\nhook        post-merge\nhook        post-checkout\nhook        post-rewrite\n"), said);
        git(code, "checkout", "-q", "-b", "other");
        String called = code.toRealPath() + " -C ./it's notes status --quiet";
        assertEquals(List.of(called), Files.readAllLines(notes));
        git(code, "commit", "-q", "--amend", "-m", "amended");
        git(code, "checkout", "-q", "main");
        git(code, "merge", "-q", "--no-edit", "other", "--allow-unrelated-histories");
        assertEquals(4, Files.readAllLines(notes).size());
        Files.delete(directory.resolve("bin/evstore"));
        git(code, "checkout", "-q", "other"); // and where evstore is not installed, nothing fails
    }

    @Test
    void hooksOfTheUsersAreLeft() throws Exception {
        Path own = code.resolve(".git/hooks/post-merge");
        Files.createDirectories(own.getParent());
        Files.writeString(own, "#!/bin/sh\necho mine\n");
        Transcript.holds(getClass(), "a hook of the user's", world);
        assertEquals("#!/bin/sh\necho mine\n", Files.readString(own));

        git(code, "config", "core.hooksPath", ".husky");
        Transcript.holds(getClass(), "hooks elsewhere", world);
        assertFalse(Files.exists(code.resolve(".husky")));
    }

    @Test
    void eventsOnABranchOfTheirOwn() throws Exception { // G7
        git(directory, "clone", "-q", "--bare", "code", "origin.git");
        git(directory, "clone", "-q", "origin.git", "anna");
        git(directory, "clone", "-q", "origin.git", "bert");
        Path anna = directory.resolve("anna");
        Path bert = directory.resolve("bert");
        for (Path clone : List.of(anna, bert)) {
            git(clone, "config", "user.name", "A");
            git(clone, "config", "user.email", "a@example.org");
            run(clone, "init", "--branch", "events");
            run(clone, "init", "--branch", "events"); // once more is no error
            assertEquals("", git(clone, "status", "--porcelain"), "the code's working tree is as it was");
            assertEquals("events", git(clone.resolve("evstore-events"), "branch", "--show-current"));
            run(clone.resolve("evstore-events"), "append", "a-" + clone.getFileName(), "--type", "T", "--data", "1");
            // Neither has seen the other's branch; their beginnings are one commit.
            run(clone.resolve("evstore-events"), "sync");
        }
        run(anna.resolve("evstore-events"), "sync");
        assertEquals(
                run(anna.resolve("evstore-events"), "digest").out(),
                run(bert.resolve("evstore-events"), "digest").out());
        assertTrue(run(anna.resolve("evstore-events"), "streams").out().contains("a-bert"));
        assertEquals(
                "main.c", git(anna, "ls-tree", "-r", "--name-only", "main"), "and the code's branch carries no events");
        git(directory, "clone", "-q", "origin.git", "carla");
        Path carla = directory.resolve("carla");
        run(carla, "init", "data", "--branch", "events");
        assertEquals(
                run(anna.resolve("evstore-events"), "digest").out(),
                run(carla.resolve("data"), "digest").out());
    }

    @Test
    void refusesABranchThatCanNotBe() {
        Transcript.holds(getClass(), "no branch", world);
    }

    private String git(Path where, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("git", "-c", "user.name=Anna", "-c", "user.email=anna@example.org"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true);
        builder.environment().merge("PATH", directory.resolve("bin") + ":", (path, bin) -> bin + path);
        Process git = builder.start();
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, git.waitFor(), () -> command + ": " + said);
        return said.strip();
    }
}
