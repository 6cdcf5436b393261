package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.GitRefusedException;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits in company: of the user's files, of other branches and of others who commit. With the git program. */
final class CommitIT {

    @TempDir
    private Path directory;

    private Committing here;

    @BeforeEach
    void aStoreInARepository() {
        here = Committing.in(directory.resolve("repository"), "store");
    }

    @Test
    void T67_manyOtherFilesStayAsTheyAre() { // G1, T67; tried with 20,000, too
        int each = Integer.getInteger("evstore.others", 2_000) / 4;
        for (String kind : List.of("staged", "dirty", "same")) {
            for (int i = 0; i < each; i++) {
                here.write(kind + "/" + i % 50 + "/" + i, "1");
            }
        }
        here.git().git("add", "dirty", "same");
        here.git().git("commit", "-q", "-m", "files");
        for (int i = 0; i < each; i++) {
            here.write("dirty/" + i % 50 + "/" + i, "22");
            here.write("untracked/" + i % 50 + "/" + i, "1");
        }
        here.git().git("add", "staged");
        here.append("a", 100);
        List<String> before = here.statusOfOthers();
        assertEquals(3 * each, before.size());
        CommitResult result = here.commit();
        assertEquals(100, result.transactions());
        assertEquals(1, result.files().size());
        assertEquals(before, here.statusOfOthers());
        here.isClean();
        assertEquals(
                1,
                here.git().git("diff", "--name-only", "HEAD~1", "HEAD").lines().count());
    }

    @Test
    void theFirstCommitOfABranchTakesNothingElse() { // G1
        GitClone git = new GitClone(directory.resolve("new"));
        assertTrue(git.root().toFile().mkdirs());
        git.git("init", "-q", "-b", "main");
        Committing.configure(git);
        Committing there = new Committing(git, git.root());
        FileEventStore.create(git.root()).close();
        there.write("f", "1");
        git.git("add", "f");
        List<TransactionId> appended = there.append("a", 2);
        assertTrue(there.commit().commit().isPresent());
        assertEquals(List.of("A  f"), there.statusOfOthers());
        assertEquals(3, git.git("ls-tree", "-r", "--name-only", "HEAD").lines().count());
        assertEquals(appended, there.cloneTo(directory.resolve("clone")).visible());
        there.isClean();
    }

    @Test
    void aStoreWithoutEventsIsCommittedToo() { // G1
        GitClone git = new GitClone(directory.resolve("new"));
        assertTrue(git.root().toFile().mkdirs());
        git.git("init", "-q", "-b", "main");
        Committing.configure(git);
        FileEventStore.create(git.root()).close();
        assertTrue(new Committing(git, git.root()).commit().commit().isPresent());
        assertEquals("evstore: a store", git.git("log", "--format=%s").strip());
        assertEquals("", git.git("status", "--porcelain"));
    }

    @Test
    void eventsFromBeforeGitAreCommitted() { // G1
        GitClone git = new GitClone(directory.resolve("late"));
        FileEventStore.create(git.root()).close();
        Committing there = new Committing(git, git.root());
        List<TransactionId> appended = there.append("a", 3);
        git.git("init", "-q", "-b", "main");
        Committing.configure(git);
        assertEquals(3, there.commit().transactions());
        assertEquals(appended, there.visible());
        there.isClean();
    }

    @Test
    void whatACommitOfOursMadeIsKnownToBeHere() throws IOException { // L3
        here.append("a", 2); // asks git
        here.commit();
        String events = here.git().git("rev-parse", "HEAD:store/events").strip();
        Path noted;
        try (FileEventStore store = FileEventStore.open(here.root())) {
            noted = store.opened().layout().checkedOut();
        }
        List<String> lines = Files.readAllLines(noted);
        assertTrue(lines.get(lines.size() - 1).startsWith(events + " "), lines.toString());
        here.append("a", 1); // so nobody is asked here
        assertEquals(lines.get(lines.size() - 1), Files.readAllLines(noted).get(lines.size() - 1));
        here.git().git("sparse-checkout", "set", "--no-cone", "/*", "!/store/events/2*");
        assertThrows(StoreUnusableException.class, () -> here.append("a", 1));
    }

    @Test
    void whatTheUserHasStagedIsCommittedAsItIs() { // K1
        List<TransactionId> first = here.append("a", 2);
        here.git().git("add", "-A");
        List<TransactionId> second = here.append("a", 2);
        CommitResult result = here.commit();
        assertEquals(3, result.files().size());
        List<TransactionId> all = new ArrayList<>(first);
        all.addAll(second);
        assertEquals(all, here.visible());
        here.isClean();
    }

    @Test
    void whatIsStagedAndGoneIsAskedForFirst() throws IOException { // L3, T71
        here.append("a", 1);
        here.git().git("add", "-A");
        Files.delete(here.root().resolve("events").resolve(here.files().get(0)));
        GitRefusedException refused = assertThrows(GitRefusedException.class, here::commit);
        assertTrue(refused.remedy().contains("git checkout -- events"));
    }

    @Test
    void aFlawedFileIsTheUsersAndWhatBuildsOnItWaits() throws IOException { // V2, G7
        List<TransactionId> first = here.append("a", 1);
        Path file = here.root().resolve("events").resolve(here.files().get(0));
        Files.writeString(file, Files.readString(file) + "odd\n");
        List<TransactionId> second = here.append("a", 1);
        CommitResult result = here.commit();
        assertEquals(Optional.empty(), result.commit());
        assertEquals(1, result.flawed().size());
        assertEquals(second.get(0), result.leftOut().get(0).transaction());
        assertEquals(Set.copyOf(first), result.leftOut().get(0).missing());
        Files.writeString(file, Files.readString(file).replace("odd\n", ""));
        assertEquals(2, here.commit().transactions());
        here.isClean();
    }

    @Test
    void aCopyThatTheUserMadeIsNeitherCommittedNorRemoved() throws IOException { // T29
        here.append("a", 2);
        here.commit();
        Path pack = here.root().resolve("events").resolve(here.files().get(0));
        Path copy = Files.copy(pack, here.root().resolve("events/copy.jsonl"));
        assertEquals(Optional.empty(), here.commit().commit());
        assertTrue(Files.exists(copy));
    }

    @Test
    void T74_theBranchMovesMeanwhileAndTheCommitIsMadeAnew() { // G2, T74
        List<TransactionId> appended = here.append("a", 3);
        int[] moves = {0};
        CommitResult result;
        try (FileEventStore store = FileEventStore.open(here.root())) {
            result = GitWorkTree.of(store).commit("mine", step -> {
                if (step == CommitOperation.Step.STAGED && moves[0]++ < 3) {
                    moveBranch();
                }
            });
        }
        assertEquals(4, moves[0]);
        assertEquals(Optional.of(here.git().git("rev-parse", "HEAD").strip()), result.commit());
        assertEquals(appended, here.visible());
        here.nothingWasTakenAway();
        here.isClean();
    }

    @Test
    void aBranchThatNeverStandsStillIsGivenUp() { // G2
        here.append("a", 1);
        try (FileEventStore store = FileEventStore.open(here.root())) {
            assertThrows(
                    GitRefusedException.class,
                    () -> GitWorkTree.of(store).commit("mine", step -> {
                        if (step == CommitOperation.Step.OBJECTS_WRITTEN) {
                            moveBranch();
                        }
                    }));
        }
        assertEquals(1, here.visible().size());
    }

    /** A commit that takes nothing of what is staged. */
    private void moveBranch() {
        String commit = here.git()
                .git("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "the user's")
                .strip();
        here.git().git("update-ref", "HEAD", commit);
    }

    @Test
    void T74_theUsersCommitTakesWhatIsStagedMeanwhile() { // G2, T74
        List<TransactionId> appended = here.append("a", 3);
        try (FileEventStore store = FileEventStore.open(here.root())) {
            CommitResult result = GitWorkTree.of(store).commit(null, step -> {
                if (step == CommitOperation.Step.STAGED) {
                    here.git().git("commit", "-q", "-m", "the user's");
                }
            });
            assertEquals(Optional.empty(), result.commit());
        }
        assertEquals(appended, here.visible());
        here.isClean();
    }

    @Test
    void aMergeThatBeginsMeanwhileIsNotCommittedInto() { // G4
        here.write("f", "1");
        here.git().commit("one");
        here.git().git("checkout", "-q", "-b", "other");
        here.write("f", "2");
        here.git().commit("two");
        here.git().git("checkout", "-q", "main");
        here.write("f", "3");
        here.git().commit("three");
        List<TransactionId> appended = here.append("a", 2);
        String before = here.git().git("rev-parse", "HEAD");
        try (FileEventStore store = FileEventStore.open(here.root())) {
            assertThrows(
                    GitRefusedException.class,
                    () -> GitWorkTree.of(store).commit(null, step -> {
                        if (step == CommitOperation.Step.OBJECTS_WRITTEN) {
                            here.git().tryGit("merge", "other");
                        }
                    }));
        }
        assertEquals(before, here.git().git("rev-parse", "HEAD"));
        here.write("f", "23");
        here.git().git("add", "f");
        here.git().git("commit", "-q", "-m", "merged");
        here.commit();
        assertEquals(appended, here.visible());
        here.nothingWasTakenAway();
        here.isClean();
    }

    @Test
    void appendsGoOnWhileOthersCommit() throws Exception { // G1, T34
        ExecutorService threads = Executors.newFixedThreadPool(3);
        List<TransactionId> all = Collections.synchronizedList(new ArrayList<>());
        try (FileEventStore store = FileEventStore.open(here.root())) {
            List<Future<?>> done = new ArrayList<>();
            for (String stream : List.of("a", "b")) {
                done.add(threads.submit(() -> all.addAll(Committing.append(store, stream, 60))));
            }
            done.add(threads.submit(() -> {
                try (FileEventStore other = FileEventStore.open(here.root())) {
                    for (int i = 0; i < 5; i++) {
                        GitWorkTree.of(other).commit(null);
                    }
                }
                return true;
            }));
            for (int i = 0; i < 5; i++) {
                GitWorkTree.of(store).commit(null);
            }
            for (Future<?> one : done) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        here.commit();
        Collections.sort(all);
        assertEquals(all, here.visible());
        here.nothingWasTakenAway();
        here.isClean();
        here.git().git("fsck", "--no-dangling");
    }

    @Test
    void T30_bothSidesFoldAndNothingConflicts() { // T30, K1
        List<TransactionId> all = new ArrayList<>(here.append("a", 2));
        here.commit();
        Committing there = here.cloneTo(directory.resolve("there"));
        there.git().git("checkout", "-q", "-b", "theirs");
        for (int round = 0; round < 2; round++) {
            all.addAll(here.append("a", 3));
            here.commit();
            all.addAll(there.append("a", 3));
            there.commit();
            here.git()
                    .git(
                            "pull",
                            "-q",
                            "--no-rebase",
                            "--no-edit",
                            there.git().root().toString(),
                            "theirs");
            all.addAll(there.append("b", 2));
            there.commit();
            all.addAll(here.append("b", 2));
            here.commit();
            there.git().git("pull", "-q", "--rebase", here.git().root().toString(), "main");
        }
        here.git()
                .git(
                        "pull",
                        "-q",
                        "--no-rebase",
                        "--no-edit",
                        there.git().root().toString(),
                        "theirs");
        Collections.sort(all);
        assertEquals(all, here.visible());
        here.nothingWasTakenAway();
    }

    @Test
    void T30_aLooseFileThatAnOldBranchBroughtStaysBesideThePack() { // T30, K4
        List<TransactionId> appended = here.append("a", 3);
        here.git().git("checkout", "-q", "-b", "old");
        here.git().commit("loose files by git");
        here.git().git("checkout", "-q", "main");
        try (FileEventStore store = FileEventStore.open(here.root())) {
            store.refresh();
        }
        here.git().git("checkout", "-q", "old", "--", "store/events");
        here.git().git("reset", "-q");
        here.commit();
        here.git().git("merge", "-q", "--no-edit", "old");
        assertEquals(appended, here.visible());
        here.isClean();
    }

    @Test
    void outsideGitThereIsNothingToCommitTo() {
        Path elsewhere = directory.resolve("elsewhere");
        try (FileEventStore store = FileEventStore.create(elsewhere)) {
            assertThrows(GitRefusedException.class, () -> GitWorkTree.of(store));
        }
    }

    @Test
    void readersGoOnReadingWhileFilesAreFolded() throws Exception { // K1
        List<TransactionId> appended = here.append("a", 50);
        try (FileEventStore store = FileEventStore.open(here.root());
                FileEventStore reader = FileEventStore.open(here.root())) {
            GitWorkTree.of(store).commit(null, step -> {
                if (step == CommitOperation.Step.LOOSE_FILE_REMOVED || step == CommitOperation.Step.PACKS_INDEXED) {
                    assertEquals(50, reader.read(StreamId.of("a")).events().size());
                }
            });
            assertEquals(
                    0,
                    reader.readFeed(reader.feedEnd(), EventFilter.all(), 1000)
                            .entries()
                            .size());
            assertEquals(appended.size(), reader.status().transactions());
        }
    }
}
