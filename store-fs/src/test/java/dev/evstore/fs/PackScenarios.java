package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.GitRefusedException;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.TransactionId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loose files that were committed become packs. Needs the git program. */
class PackScenarios {

    @TempDir
    Path directory;

    private Committing here;

    @BeforeEach
    void aStoreInARepository() {
        here = Committing.in(directory.resolve("repository"), "store");
    }

    /** Committed one by one, as with git. */
    private static List<TransactionId> committed(Committing where, String stream, int count) {
        List<TransactionId> ids = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            ids.addAll(where.append(stream, 1));
            where.git().commit(stream + k);
        }
        return ids;
    }

    private static PackResult pack(Committing where) {
        return pack(where, null);
    }

    private static PackResult pack(Committing where, @Nullable Instant before) {
        try (FileEventStore store = FileEventStore.open(where.root())) {
            return GitWorkTree.of(store).pack(before, ProgressListener.NONE);
        }
    }

    private static Digest digest(Committing where) {
        try (FileEventStore store = FileEventStore.open(where.root())) {
            return store.digest();
        }
    }

    private List<String> inHead() {
        return here.git()
                .git("ls-tree", "-r", "--name-only", "HEAD", "--", "store/events")
                .lines()
                .filter(path -> path.endsWith(".jsonl"))
                .map(path -> path.substring("store/events/".length()))
                .toList();
    }

    @Test
    void manyFilesBecomeOne() { // K3, G1
        List<TransactionId> ids = committed(here, "a", 5);
        here.append("a", 1);
        here.write("staged", "1");
        here.git().git("add", "staged");
        here.write("untracked", "1");
        List<String> others = here.statusOfOthers();
        List<String> events = here.statusOfEvents();
        Digest digest = digest(here);
        try (FileEventStore store = FileEventStore.open(here.root())) {
            FeedCursor cursor = store.feedEnd();
            List<Long> seen = new ArrayList<>();

            PackResult result = GitWorkTree.of(store).pack(null, (done, total) -> seen.add(done));

            assertEquals(5, result.files());
            assertEquals(5, result.transactions());
            assertEquals(1, result.packs().size());
            assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L), seen);
            assertTrue(store.readFeed(cursor, EventFilter.all(), 10).entries().isEmpty(), "nobody hears of it");
            assertEquals(digest, store.digest());
            assertEquals(1, store.status().uncommitted());
        }
        assertEquals(1, inHead().size());
        assertEquals(2, here.files().size());
        assertEquals(others, here.statusOfOthers());
        assertEquals(events, here.statusOfEvents());
        assertEquals(
                "evstore: 1 pack in place of 5 event files",
                here.git().git("log", "-1", "--format=%s").strip());
        assertEquals(Optional.empty(), pack(here).commit());
        assertEquals(ids, here.cloneTo(directory.resolve("clone")).visible());
        here.git().git("fsck", "--strict", "--no-dangling");
        here.git().git("reset", "-q", "--keep", "HEAD~1");
        assertEquals(6, here.files().size());
        assertEquals(digest, digest(here));
    }

    @Test
    void twoClonesThatPackTheSameMakeTheSame() { // K3, I4
        committed(here, "a", 3);
        Committing other = here.cloneTo(directory.resolve("other"));
        FileEventStore.create(other.root()).close();
        assertEquals(pack(here).packs(), pack(other).packs());
        assertEquals(here.files(), other.files());
        here.git()
                .git(
                        "pull",
                        "-q",
                        "--no-rebase",
                        "--no-edit",
                        other.git().root().toString(),
                        "main");
        assertEquals(1, here.files().size());
        here.isClean();
    }

    @Test
    void anOldBranchWithLooseFilesIsMergedAfterwards() { // K4, T30
        List<TransactionId> all = committed(here, "a", 3);
        here.git().git("checkout", "-q", "-b", "side");
        all.addAll(committed(here, "b", 2));
        here.git().git("checkout", "-q", "main");
        all.addAll(committed(here, "c", 2));
        PackResult packed = pack(here);
        assertEquals(5, packed.files());
        assertEquals(List.of("side"), packed.heldBy());

        here.git().git("merge", "-q", "--no-edit", "side");

        assertEquals(all.stream().sorted().toList(), here.visible());
        assertEquals(3, here.files().size());
        assertEquals(2, pack(here).files());
        assertEquals(2, here.files().size());
        here.git().git("checkout", "-q", "side");
        assertEquals(5, here.countVisible());
        try (FileEventStore store = FileEventStore.open(here.root())) {
            assertEquals(List.of(), GitWorkTree.of(store).merge("main").missing());
        }
        assertEquals(all.stream().sorted().toList(), here.visible());
        here.isClean();
    }

    @Test
    void looseFilesThatCameBackBesideTheirPackGo() { // K3, K4
        List<TransactionId> ids = committed(here, "a", 3);
        String pack = pack(here).packs().get(0);
        here.git().git("checkout", "-q", "HEAD~1", "--", "store/events");
        here.git().git("commit", "-q", "-m", "loose files again");
        assertEquals(4, here.files().size());
        assertEquals(ids, here.visible());

        PackResult result = pack(here);

        assertEquals(3, result.files());
        assertEquals(List.of(), result.packs());
        assertEquals(
                List.of(pack),
                here.files().stream().map(file -> "events/" + file).toList());
        assertEquals(ids, here.visible());
        here.isClean();
    }

    @Test
    void onlyOldAndCommittedFilesArePackedAndNoneAlone() throws IOException { // K3
        List<TransactionId> ids = committed(here, "a", 4);
        Instant third = Instant.ofEpochMilli(ids.get(2).millis());
        assertEquals(2, pack(here, third).files());
        assertEquals(3, inHead().size());

        Path changed = here.root().resolve("events").resolve(here.files().get(0));
        here.git().git("rm", "-q", "--cached", changed.toString());
        here.append("b", 1);
        assertEquals(2, pack(here).files(), "of what is committed, whatever the index says");
        here.commit();
        assertEquals(0, pack(here).files(), "a file alone stays");
        here.isClean();
    }

    @Test
    void branchesAndWorkingTreesThatStillHaveTheFilesAreNamed() { // K3
        here.git().git("branch", "before");
        committed(here, "a", 2);
        here.git().git("branch", "after");
        here.git()
                .git(
                        "clone",
                        "-q",
                        "--bare",
                        ".",
                        directory.resolve("origin.git").toString());
        here.git()
                .git("remote", "add", "origin", directory.resolve("origin.git").toString());
        here.git().git("fetch", "-q", "origin");
        Path linked = directory.resolve("linked").toAbsolutePath();
        here.git().git("worktree", "add", "-q", "--detach", linked.toString());

        List<String> named = pack(here).heldBy();

        assertEquals(4, named.size(), named.toString());
        assertEquals(List.of("after", "origin/after", "origin/main"), named.subList(0, 3));
        assertTrue(named.get(3).startsWith("worktree ") && named.get(3).endsWith("/linked"), named.toString());
    }

    @Test
    void inTheMiddleOfSomethingNothingIsPacked() throws IOException { // K3, G4
        committed(here, "a", 3);
        List<String> before = here.files();
        here.git().git("bisect", "start");
        GitRefusedException refused = assertThrows(GitRefusedException.class, () -> pack(here));
        assertTrue(refused.remedy().contains("git bisect reset"), refused.toString());
        assertEquals(before, here.files());
        here.git().git("bisect", "reset");
        assertEquals(3, pack(here).files());
    }

    @Test
    void aCommitOfSomebodyElseMakesItBegunAnew() { // K3, G2
        committed(here, "a", 3);
        List<String> once = new ArrayList<>();
        try (FileEventStore store = FileEventStore.open(here.root())) {
            PackResult result = GitWorkTree.of(store).pack(null, ProgressListener.NONE, step -> {
                if (step == PackOperation.Step.STAGED && once.isEmpty()) {
                    once.add("");
                    here.git().git("commit", "-q", "--allow-empty", "-m", "meanwhile", "--only");
                }
            });
            assertEquals(3, result.files());
        }
        assertEquals(
                List.of("evstore: 1 pack in place of 3 event files", "meanwhile"),
                here.git().git("log", "-2", "--format=%s").lines().toList());
        assertEquals(1, here.files().size());
        here.isClean();
    }
}
