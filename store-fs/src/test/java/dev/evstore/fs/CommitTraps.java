package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.id.TransactionId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commits that stop halfway, and what the user does then: nothing is lost, doubled or deleted. With the git program. */
final class CommitTraps {

    @TempDir
    private Path directory;

    private Committing here;

    @BeforeEach
    void aStoreInARepository() {
        here = Committing.in(directory.resolve("repository"), "store");
        here.write("users", "1");
        here.git().commit("the user's");
    }

    /** What the user does with git after a commit of ours stopped. */
    private enum Then {
        NOTHING {
            @Override
            void run(Committing here) {
                here.git().git("status");
            }
        },
        COMMIT {
            @Override
            void run(Committing here) {
                here.git().git("commit", "-q", "--allow-empty", "-m", "user");
            }
        },
        COMMIT_ALL {
            @Override
            void run(Committing here) {
                here.write("users", here.git().git("rev-list", "--count", "HEAD"));
                here.git().git("commit", "-q", "-a", "-m", "user");
            }
        },
        ADD_AND_COMMIT {
            @Override
            void run(Committing here) {
                here.git().git("add", "-A");
                here.git().git("commit", "-q", "--allow-empty", "-m", "user");
            }
        },
        MERGE {
            @Override
            void run(Committing here) {
                here.git().tryGit("stash", "-q"); // what is staged stands in the way of a merge
                here.git().git("merge", "-q", "--no-edit", "other");
                here.git().tryGit("stash", "pop", "-q");
            }
        },
        PULL {
            @Override
            void run(Committing here) {
                here.git().git("commit", "-q", "--allow-empty", "-m", "user");
                here.git().git("pull", "-q", "--no-rebase", "--no-edit", ".", "other");
            }
        },
        STASH {
            @Override
            void run(Committing here) {
                here.git().tryGit("stash", "-q", "-u");
                here.git().tryGit("stash", "pop", "-q");
            }
        },
        SWITCH {
            @Override
            void run(Committing here) {
                here.git().git("checkout", "-q", "other");
                here.commit();
                here.git().git("checkout", "-q", "main");
                here.git().git("merge", "-q", "--no-edit", "other");
            }
        };

        abstract void run(Committing here);
    }

    /** Stops a commit as a kill does, in this process. */
    private void stoppedAt(CommitOperation.Step step) {
        try (FileEventStore store = FileEventStore.open(here.root())) {
            Throwable stopped = assertThrows(
                    Throwable.class,
                    () -> GitWorkTree.of(store).commit(null, reached -> {
                        if (reached == step) {
                            throw new StackOverflowError("stopped");
                        }
                    }));
            assertTrue(stopped instanceof IllegalStateException, stopped.toString());
        }
    }

    @ParameterizedTest
    @EnumSource(CommitOperation.Step.class)
    void T66_aCommitIsKilledAfterAnyStepAndTheUserCommits(CommitOperation.Step step) throws Exception { // T66, T35, G2
        List<TransactionId> appended = here.append("a", 3);
        CommitProcess.killedAt(here.root(), step);
        assertEquals(appended, here.visible());
        here.write("users", "2");
        here.git().git("commit", "-q", "-a", "-m", "user");
        isWhole(appended);
    }

    @ParameterizedTest
    @EnumSource(Then.class)
    void T66_aCommitStopsAfterAnyStepAndTheUserGoesOn(Then then) { // T66, T30, G2
        here.git().git("checkout", "-q", "-b", "other");
        List<TransactionId> all = new ArrayList<>(here.append("b", 2));
        here.commit();
        here.git().git("checkout", "-q", "main");
        for (CommitOperation.Step step : CommitOperation.Step.values()) {
            all.addAll(here.append("a", 3));
            stoppedAt(step);
            then.run(here);
            isThere(all, then + " after " + step);
        }
        here.git().git("merge", "-q", "--no-edit", "other");
        isWhole(all);
    }

    private void isThere(List<TransactionId> all, String when) {
        try (FileEventStore store = FileEventStore.open(here.root())) {
            List<TransactionId> visible = new ArrayList<>();
            store.readLog(null).forEach(header -> visible.add(header.id()));
            List<TransactionId> lost = new ArrayList<>(all.subList(2, all.size()));
            lost.removeAll(visible);
            assertEquals(List.of(), lost, when);
            assertEquals(visible.size(), new TreeSet<>(visible).size(), when);
        }
        here.nothingWasTakenAway();
    }

    private void isWhole(List<TransactionId> all) {
        CommitResult rest = here.commit();
        assertTrue(rest.isWhole(), rest.toString());
        List<TransactionId> sorted = new ArrayList<>(all);
        Collections.sort(sorted);
        assertEquals(sorted, here.visible());
        here.nothingWasTakenAway();
        here.isClean();
        assertEquals(Optional.empty(), here.commit().commit());
        Committing clone = here.cloneTo(directory.resolve("clone"));
        assertEquals(sorted, clone.visible());
        clone.git().git("fsck", "--no-dangling");
    }

    @Test
    void T66_aLockOfAKilledProcessOfOursIsRemovedAndAnothersIsNot() throws Exception { // T66, T37, G2
        List<TransactionId> appended = here.append("a", 1);
        Path lock = here.git().root().resolve(".git/index.lock");
        Files.writeString(lock, "evstore 999999999 2026-01-01T00:00:00Z\n");
        assertEquals(1, here.commit().transactions());
        assertFalse(Files.exists(lock));
        isWhole(appended);
    }
}
