package dev.evstore.fs;

import static dev.evstore.fs.Counting.CODEC;
import static dev.evstore.fs.Counting.add;
import static dev.evstore.fs.Counting.addMany;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.projection.Applied;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.Readiness;
import dev.evstore.fs.Counting.Added;
import dev.evstore.fs.Counting.Total;
import dev.evstore.fs.Counting.Trail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who waits and listens, and what a checkout undoes, rule by rule. */
@Timeout(300)
class ProjectionHostTest extends HostFixture {

    @Test
    void e3_waitingEndsWithWhatBecameOfTheTransaction() throws Exception { // E3
        Projection<Total> totals = Projection.named("totals")
                .version(1)
                .perStream()
                .initially(Total::none)
                .on(Added.class, Total::plus)
                .filter(EventFilter.prefix("wanted"))
                .build();
        try (FileEventStore store = create();
                ProjectionHost host = ProjectionHost.open(store, CODEC, totals)) {
            assertEquals(Applied.APPLIED, host.awaitApplied(add(store, "other", 1), LONG), "filtered out");
            assertTrue(host.view(totals, "other").isEmpty());
            assertEquals(
                    Applied.UNKNOWN, host.awaitApplied(TransactionId.of("01a1f9a5-4265-7000-8000-000000000001"), LONG));
        }
        CountDownLatch go = new CountDownLatch(1);
        try (FileEventStore store = FileEventStore.open(directory);
                ProjectionHost host = ProjectionHost.open(store, CODEC, totals(7, added -> await(go)))) {
            assertEquals(Applied.TIMED_OUT, host.awaitApplied(add(store, "a", 1), Duration.ofMillis(50)));
            go.countDown();
        }
    }

    @Test
    void w1_listenersHearOfWhatIsCommitted() throws Exception { // W1
        Projection<Total> totals = Counting.totals(1);
        List<String> heard = new ArrayList<>();
        try (FileEventStore store = create();
                ProjectionHost host = still(store, totals)) {
            host.catchUp();
            EventStore.Watch watch = host.onChange(
                    "totals",
                    keys -> keys.forEach(key -> heard.add(
                            key + host.view(totals, key).orElseThrow().state().count())));
            add(store, "a", 1);
            add(store, "b", 1);
            host.catchUp();
            heard.sort(null);
            assertEquals(List.of("a1", "b1"), heard);
            watch.close();
            add(store, "a", 1);
            host.catchUp();
            assertEquals(2, heard.size());
        }
    }

    @Test
    void aSingleRowIsListed() {
        Projection<Total> all = Projection.named("all")
                .version(1)
                .single()
                .initially(Total::none)
                .on(Added.class, Total::plus)
                .build();
        try (FileEventStore store = create();
                ProjectionHost host = still(store, all)) {
            addMany(store, 7, 3);
            host.catchUp();
            List<Long> counts = new ArrayList<>();
            host.list(all, "").forEach(view -> counts.add(view.state().count()));
            assertEquals(List.of(7L), counts);
            assertEquals(1, host.stored("all", "", "", 10).size());
        }
    }

    @Test
    void listsGoOnBehindAPage() {
        Projection<Trail> byAmount = Counting.byAmount();
        try (FileEventStore store = create();
                ProjectionHost host = still(store, byAmount)) {
            addMany(store, 1200, 1);
            host.catchUp();
            List<String> keys = new ArrayList<>();
            host.list(byAmount, "c1").forEach(view -> keys.add(view.key()));
            assertEquals(1 + 10 + 100 + 200, keys.size());
            assertEquals(keys.stream().sorted().toList(), keys);
            List<String> paged = new ArrayList<>();
            List<StoredView> page = host.stored("by-amount", "", "", 500);
            while (!page.isEmpty()) {
                page.forEach(row -> paged.add(row.key()));
                page = host.stored("by-amount", "", paged.get(paged.size() - 1), 500);
            }
            assertEquals(1200, paged.size());
        }
    }

    /** Files that a merge took for now, and somebody needs: git has the one still, nobody has the other. */
    @Test
    void o7_aRefoldThatMeetsAMissingFileDuringAMergeWaits() throws Exception { // O7, P6
        GitClone git = GitClone.withStore(directory.resolve("git"), ".");
        Projection<Trail> trails = Counting.trails();
        try (FileEventStore store = FileEventStore.open(git.root());
                ProjectionHost host = still(store, trails)) {
            Aside first = new Aside(KeptState.loose(git.root(), add(store, "a", 0)));
            Aside second = new Aside(KeptState.loose(git.root(), add(store, "a", 0)));
            Path committed = large(store, git.root());
            host.catchUp();
            git.commit("events");
            conflict(git);
            Path uncommitted = large(store, git.root());
            host.catchUp();
            String before = amounts(host, trails, "a");

            Files.delete(committed);
            first.back();
            host.catchUp();
            assertEquals(",0" + before, amounts(host, trails, "a"), "read from git's objects");

            Aside lost = new Aside(uncommitted);
            Path path = git.root().resolve("events").relativize(uncommitted);
            Files.delete(Local.of(git.root()).resolve("uncommitted").resolve(path));
            second.back();
            StoreUnusableException waits = assertThrows(StoreUnusableException.class, host::catchUp);
            assertTrue(waits.where().contains("git is in the middle"), waits.where());
            readiness(Readiness.Waiting.class, host.status("trails"));
            assertEquals(",0" + before, amounts(host, trails, "a"), "what is complete is served");
            lost.back();
            host.catchUp();
            assertEquals(",0,0" + before, amounts(host, trails, "a"), "begun again, while the merge goes on");
            git.git("merge", "--abort");
            git.git("checkout", "--", "events");
            host.catchUp();
            assertEquals(",0,0" + before, amounts(host, trails, "a"));
            assertEquals(KeptState.trails(store).get("a"), amounts(host, trails, "a"));
        }
    }

    /** A transaction of more bytes than an index holds itself: whoever folds it reads its file. */
    private static Path large(FileEventStore store, Path root) {
        NewEvent[] many = Stream.generate(() -> Counting.added(1)).limit(2_000).toArray(NewEvent[]::new);
        return KeptState.loose(root, store.append(StreamId.of("a"), ExpectedVersion.any(), many));
    }

    /** A merge that git begins and can't end. */
    private static void conflict(GitClone git) throws IOException {
        Path notes = git.root().resolve("notes.txt");
        git.git("checkout", "-q", "-b", "other");
        Files.writeString(notes, "theirs");
        git.commit("theirs");
        git.git("checkout", "-q", "main");
        Files.writeString(notes, "ours");
        git.commit("ours");
        assertTrue(git.tryGit("merge", "other").exit() != 0);
    }

    @Test
    void u1_u2_aBranchSwitchFoldsOnlyTheRowsItTouches() { // U1, U2
        GitClone git = GitClone.withStore(directory.resolve("git"), ".");
        Projection<Trail> trails = Counting.trails();
        try (FileEventStore store = FileEventStore.open(git.root());
                ProjectionHost host = still(store, trails)) {
            addMany(store, 1000, 100);
            git.commit("many");
            git.git("checkout", "-q", "-b", "more");
            add(store, "s1", 1);
            add(store, "s2", 2);
            add(store, "new", 3);
            git.commit("more");
            host.catchUp();
            String with = host.stored("trails", "s1").orElseThrow().json();
            long given = host.status("trails").counts().events();
            for (int round = 1; round <= 2; round++) {
                git.git("checkout", "-q", "main");
                host.catchUp();
                assertTrue(host.view(trails, "new").isEmpty());
                assertEquals(KeptState.trails(store).get("s1"), amounts(host, trails, "s1"));
                git.git("checkout", "-q", "more");
                host.catchUp();
                assertEquals(with, host.stored("trails", "s1").orElseThrow().json());
            }
            long again = host.status("trails").counts().events() - given;
            assertTrue(again <= 2 * (2 * 12 + 3 * 12), "two rows of ten events, there and back twice: " + again);
            assertEquals(KeptState.trails(store).size(), 101);
        }
    }
}
