package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.id.TransactionId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios of the blueprint, with the git program. */
final class GitScenarios {

    @TempDir
    private Path directory;

    private Committing here;

    @BeforeEach
    void aStoreInARepository() {
        here = Committing.in(directory.resolve("repository"), "");
    }

    @Test
    void onlyEventFilesAreCommitted() { // G1, T67
        here.write("tracked", "1");
        here.write("modified", "1");
        here.write("deleted", "1");
        here.git().commit("files of the user");
        here.write("tracked", "2");
        here.git().git("add", "tracked");
        here.write("modified", "2");
        here.git().git("rm", "-q", "deleted");
        here.write("untracked", "1");
        here.write("intended", "1");
        here.git().git("add", "-N", "intended");
        here.append("a", 2);
        List<String> before = here.statusOfOthers();
        CommitResult result = here.commit();
        assertEquals(before, here.statusOfOthers());
        assertEquals(2, result.transactions());
        assertEquals(
                result.files(),
                here.git()
                        .git("show", "--format=", "--name-only", "HEAD")
                        .lines()
                        .toList());
        here.isClean();
    }

    @Test
    void oneFileForTheAppendsOfAMonth() { // K1
        List<TransactionId> appended = here.append("a", 5);
        assertEquals(5, here.files().size());
        CommitResult result = here.commit();
        assertEquals(1, result.files().size());
        assertTrue(result.files().get(0).contains("/pack-" + appended.get(0)));
        assertEquals(1, here.files().size());
        assertEquals(appended, here.visible());
        here.isClean();
    }

    @Test
    void aCommitThatWasKilledIsFinishedByTheNext() throws Exception { // G2, T66
        List<TransactionId> appended = here.append("a", 3);
        CommitProcess.killedAt(here.root(), CommitOperation.Step.MOVED);
        assertEquals(4, here.files().size());
        assertEquals(appended, here.visible());
        assertEquals(Optional.empty(), here.commit().commit());
        assertEquals(1, here.files().size());
        assertEquals(appended, here.visible());
        here.isClean();
    }

    @Test
    void aParentStaysOnAnotherBranch() { // G7, T73
        here.git().git("checkout", "-q", "-b", "other");
        here.append("a", 1);
        here.commit();
        List<TransactionId> late = here.append("a", 1);
        here.git().git("checkout", "-q", "main");
        CommitResult result = here.commit();
        assertEquals(Optional.empty(), result.commit());
        assertEquals(
                late,
                result.leftOut().stream().map(CommitResult.LeftOut::transaction).toList());
        here.git().git("checkout", "-q", "other");
        assertEquals(1, here.commit().transactions());
        here.isClean();
    }

    @Test
    void anEditorOfTheUserIsOpen() throws Exception { // T74, G2
        here.write("f", "1");
        here.git().git("add", "f");
        here.append("a", 2);
        Path editor = Files.writeString(
                directory.resolve("editor"),
                "#!/bin/sh\ntouch " + directory + "/open\nwhile [ ! -e " + directory
                        + "/done ]; do read -t 1 x < /dev/null || true; done\necho message > \"$1\"\n");
        assertTrue(editor.toFile().setExecutable(true));
        Process commit = new ProcessBuilder(
                        "git",
                        "-c",
                        "user.name=A",
                        "-c",
                        "user.email=a@example.org",
                        "-c",
                        "core.editor=" + editor,
                        "commit")
                .directory(here.git().root().toFile())
                .redirectErrorStream(true)
                .start();
        try {
            while (!Files.exists(directory.resolve("open"))) {
                assertTrue(commit.isAlive());
                Thread.onSpinWait();
            }
            CommitResult result = here.commit();
            String ours = here.git().git("rev-parse", "HEAD").strip();
            assertEquals(Optional.of(ours), result.commit());
            Files.createFile(directory.resolve("done"));
            commit.getInputStream().readAllBytes();
            assertNotEquals(0, commit.waitFor()); // HEAD is not where git saw it
            assertEquals(ours, here.git().git("rev-parse", "HEAD").strip());
            assertEquals(List.of("A  f"), here.statusOfOthers());
            here.git().git("commit", "-q", "-m", "again");
            here.nothingWasTakenAway();
            here.isClean();
        } finally {
            commit.destroyForcibly();
        }
    }
}
