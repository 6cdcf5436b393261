package dev.evstore.fs.git;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.fs.GitClone;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.worktree.GitDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What git has got since nothing lacked is all that is looked for (rule L3). */
final class GainedIT {

    @TempDir
    private Path directory;

    private GitClone git;
    private Path events;
    private Content before;
    private final Set<String> asked = new TreeSet<>();

    @BeforeEach
    void aStoreWithTwoMonths() throws IOException {
        git = GitClone.withStore(directory.resolve("repository"), "store");
        events = git.root().resolve("store/events");
        for (int month = 1; month <= 2; month++) {
            for (int i = 0; i < 5; i++) {
                write("2026-0" + month + "/" + i + ".jsonl");
            }
        }
        write("../../code.txt");
        git.commit("ten files");
        try (CommittedEvents opened = open()) {
            before = Objects.requireNonNull(opened.content());
        }
    }

    @Test
    void onlyWhatACommitBroughtIsLookedFor() throws IOException { // L3
        write("2026-02/new.jsonl");
        write("2026-03/first.jsonl");
        write("2026-03/of the user.txt");
        git.commit("more");
        assertTrue(isThere());
        assertEquals(Set.of("2026-02/new.jsonl", "2026-03/first.jsonl"), asked);
        Files.delete(events.resolve("2026-02/new.jsonl"));
        assertFalse(isThere());
    }

    @Test
    void whatIsStagedIsLookedForInItsDirectory() throws IOException { // L3
        write("2026-02/staged.jsonl");
        git.git("add", "-A");
        assertTrue(isThere());
        assertTrue(asked.contains("2026-02/staged.jsonl"), asked.toString());
        assertTrue(asked.stream().allMatch(path -> path.startsWith("2026-02/")), asked.toString());
        Files.delete(events.resolve("2026-02/staged.jsonl"));
        assertFalse(isThere());
    }

    @Test
    void whatTheUserStagesBesideIsNoReasonToLook() throws IOException { // L3
        Files.writeString(git.root().resolve("code.txt"), "other");
        git.git("add", "-A");
        assertTrue(isThere());
        git.git("commit", "-q", "-m", "code");
        git.git("rm", "-q", "--cached", "code.txt");
        assertTrue(isThere());
        assertEquals(Set.of(), asked);
    }

    @Test
    void anIndexThatIsAheadOfHeadOrBehindIt() throws IOException { // L3
        write("2026-03/first.jsonl");
        git.commit("more");
        git.git("reset", "-q", "--soft", "HEAD^");
        Files.delete(events.resolve("2026-03/first.jsonl"));
        assertFalse(isThere());
        git.git("reset", "-q", "--soft", "ORIG_HEAD");
        git.git("rm", "-q", "--cached", "-r", "store/events/2026-03");
        assertFalse(isThere());
        write("2026-03/first.jsonl");
        assertTrue(isThere());
    }

    @Test
    void anIndexWithoutTreesIsGoneThrough() throws IOException { // L3
        for (int version = 2; version <= 4; version++) {
            Files.delete(git.root().resolve(".git/index"));
            git.git("update-index", "--index-version", String.valueOf(version), "--add", "code.txt");
            git.git("add", "-A");
            write("2026-01/" + version + ".jsonl");
            git.git("add", "-A");
            assertTrue(isThere());
            assertTrue(asked.contains("2026-01/" + version + ".jsonl"), asked.toString());
            Files.delete(events.resolve("2026-01/" + version + ".jsonl"));
            assertFalse(isThere());
        }
    }

    @Test
    void aTreeThatIsNoLongerThereDoesNotTell() throws IOException { // L3
        before = new Content("1".repeat(40), before.index());
        assertFalse(isThere());
        before = new Content("-", before.index());
        assertTrue(isThere());
        assertEquals(10, asked.size());
    }

    private boolean isThere() throws IOException {
        asked.clear();
        try (CommittedEvents opened = open()) {
            return opened.isThere(before, Objects.requireNonNull(opened.content()), path -> {
                asked.add(path);
                return Files.exists(events.resolve(path));
            });
        }
    }

    private CommittedEvents open() throws IOException {
        StoreLayout layout = StoreLayout.of(git.root().resolve("store"));
        return CommittedEvents.open(Objects.requireNonNull(GitDirectory.of(layout.root())), layout);
    }

    private void write(String path) throws IOException {
        Path file = events.resolve(path).normalize();
        Files.createDirectories(file.getParent());
        Files.writeString(file, path);
        // A file as young as git's index would be staged again, and the trees of the others forgotten.
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
    }
}
