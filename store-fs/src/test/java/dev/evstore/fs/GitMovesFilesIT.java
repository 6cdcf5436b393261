package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The git program moves event files while the store is open; a consumer follows. */
@Tag("stores")
class GitMovesFilesIT {

    private static final StreamId A = StreamId.of("a");

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private FileEventStore store;

    @SuppressWarnings("NullAway.Init")
    private Git git;

    private FeedCursor cursor = FeedCursor.beginning();

    @BeforeEach
    void open() throws IOException {
        Path here = Files.createDirectories(directory.resolve("here"));
        git = Git.init(here);
        store = FileEventStore.create(here);
        Files.writeString(here.resolve("user.txt"), "1\n");
        append(store, "First");
        git.commitAll("first");
    }

    @AfterEach
    void close() {
        try (FileEventStore closing = store) {
            ReferenceReader.check(git.directory(), closing);
        }
    }

    private static void append(FileEventStore to, String type) {
        to.append(A, ExpectedVersion.current(), NewEvent.of(type, "{}"));
    }

    private List<String> types() {
        return store.read(A).events().stream()
                .map(event -> event.type().value())
                .toList();
    }

    /** What the consumer hears next: +Type, ~ if again, ! if late; -Type. */
    private List<String> heard() {
        List<String> heard = new ArrayList<>();
        FeedPage page;
        do {
            page = store.readFeed(cursor, EventFilter.all(), 2);
            for (FeedEntry entry : page.entries()) {
                if (entry instanceof FeedEntry.Arrival arrival) {
                    heard.add(
                            "+" + arrival.event().type() + (arrival.late() ? "!" : "") + (arrival.again() ? "~" : ""));
                } else if (entry instanceof FeedEntry.Retraction gone) {
                    heard.add("-"
                            + gone.events().stream().map(e -> e.type().value()).collect(Collectors.joining(",")));
                }
            }
            cursor = page.next();
        } while (!page.atEnd());
        return heard;
    }

    /** Another replica's working copy, which appends on what is committed here. */
    private Git elsewhere(String... types) {
        Git other = git.cloneTo(directory.resolve("there"));
        try (FileEventStore there = FileEventStore.open(other.directory())) {
            for (String type : types) {
                append(there, type);
            }
        }
        other.commitAll("theirs");
        return other;
    }

    @Test
    void T27_aMergeIsSeenWithoutReopening() { // T27
        Git other = elsewhere("Theirs");
        append(store, "Mine");
        git.commitAll("mine");
        assertEquals(List.of("+First", "+Mine"), heard());
        git.run("fetch", "-q", other.directory().toString(), "main:theirs");
        git.run("merge", "-q", "-m", "merge", "theirs");
        assertEquals(List.of("+Theirs!"), heard());
        assertEquals(List.of("First", "Theirs", "Mine"), types());
        assertEquals(1, store.forks().size());
    }

    @Test
    void T27_anAppendAfterAPullStandsOnWhatCame() { // T27
        Git other = elsewhere("Theirs", "TheirsToo");
        append(store, "Free");
        git.run("pull", "-q", "--no-rebase", "--ff", other.directory().toString(), "main");
        append(store, "Mine");
        store.refresh();
        // At most the one fork that was there before: what an append does not see within its 100 ms merely forks.
        assertTrue(store.forks().size() <= 1);
        assertEquals(5, types().size());
    }

    @Test
    void T28_anOlderCommitIsCheckedOutAndTheNewerOneComesBack() { // T28
        append(store, "Second");
        append(store, "Third");
        git.commitAll("more");
        assertEquals(List.of("+First", "+Second", "+Third"), heard());

        git.run("checkout", "-q", "HEAD~1");
        assertEquals(List.of("-Third", "-Second"), heard());
        assertEquals(List.of("First"), types());
        assertEquals(1, store.read(A).state().version().value());
        assertEquals(
                List.of(store.read(A).events().get(0).id().transaction()),
                store.streams("a").get(0).heads());

        git.run("checkout", "-q", "main");
        assertEquals(List.of("+Second~", "+Third~"), heard());
        assertEquals(List.of("First", "Second", "Third"), types());
        assertTrue(store.status().isClean(), () -> store.status().toString());
    }

    @Test
    void T28_theWholeStoreVanishesAndComesBack() { // T28
        assertEquals(List.of("+First"), heard());
        git.run("checkout", "-q", "--orphan", "empty");
        git.run("rm", "-rqf", "--", "events");
        assertEquals(List.of("-First"), heard());
        assertEquals(List.of(), store.streams(""));
        git.run("checkout", "-qf", "main");
        assertEquals(List.of("+First~"), heard());
        append(store, "Second");
        assertEquals(List.of("First", "Second"), types());
        assertEquals(List.of(), store.forks());
    }

    @Test
    void T11_aHardResetThenAnAppendThenTheDroppedCommitReturns() { // T11
        append(store, "Dropped");
        git.commitAll("dropped");
        heard();
        git.run("reset", "-q", "--hard", "HEAD~1");
        assertEquals(List.of("-Dropped"), heard());
        append(store, "Mine");
        git.commitAll("mine");
        assertEquals(List.of("+Mine"), heard());
        git.run("merge", "-q", "-m", "back", "HEAD@{2}");
        assertEquals(List.of("+Dropped!~"), heard());
        assertEquals(1, store.forks().size());
        assertEquals(List.of("First", "Dropped", "Mine"), types());
    }

    @Test
    void T29_aFileThatIsRenamedOrCopiedCountsOnce() throws IOException { // T29
        heard();
        git.run("mv", git.directory().relativize(loose()).toString(), "events/renamed.jsonl");
        assertEquals(List.of(), heard());
        Path copy = Files.copy(
                git.directory().resolve("events/renamed.jsonl"), git.directory().resolve("events/copy.jsonl"));
        assertEquals(List.of(), heard());
        assertEquals(List.of("First"), types());
        Files.delete(git.directory().resolve("events/renamed.jsonl"));
        assertEquals(List.of(), heard());
        assertEquals(List.of("First"), types());
        Files.delete(copy);
        assertEquals(List.of("-First"), heard());
    }

    private Path loose() throws IOException {
        try (var files = Files.walk(git.directory().resolve("events"))) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Two commits that change the user's file in two ways, the second with an event: on branch {@code side}. */
    private void makeConflict() throws IOException {
        git.run("checkout", "-q", "-b", "side");
        Files.writeString(git.directory().resolve("user.txt"), "side\n");
        append(store, "Side");
        git.commitAll("side");
        git.run("checkout", "-q", "main");
        store.refresh();
        append(store, "Main");
        Files.writeString(git.directory().resolve("user.txt"), "main\n");
        git.commitAll("main");
        store.refresh();
        assertEquals(List.of("First", "Main"), types());
        heard();
    }

    @Test
    void T28_whatARebaseTakesAwayStaysVisibleUntilItIsDone() throws IOException { // T28, P6
        makeConflict();
        git.runAndStop("rebase", "-q", "side"); // main's commit is put on top of side
        assertEquals(List.of("+Side!~"), heard());
        assertTrue(types().contains("Main"), () -> "it flickers: " + types());
        append(store, "Meanwhile");
        assertEquals(List.of("+Meanwhile"), heard());
        git.run("rebase", "--abort");
        assertEquals(List.of("-Side"), heard());
        assertEquals(List.of("First", "Main", "Meanwhile"), types());
        assertTrue(Files.readString(git.directory().resolve("user.txt")).equals("main\n"));
    }

    @Test
    void T70_aPackThatARebaseHasTakenAwayIsReadFromGitUntilItIsDone() throws IOException { // T70, P6
        git.run("checkout", "-q", "-b", "side");
        Files.writeString(git.directory().resolve("user.txt"), "side\n");
        git.commitAll("side");
        git.run("checkout", "-q", "main");
        Files.writeString(git.directory().resolve("user.txt"), "main\n");
        git.commitAll("where it will stop");
        store.appendAll(List.of(one("Packed"), one("Too")));
        git.commitAll("what comes after that");
        store.status(); // HEAD holds it, so it is kept nowhere else

        git.runAndStop("rebase", "-q", "side");
        assertEquals(List.of("First", "Packed", "Too"), types());
        assertEquals(List.of("+First", "+Packed", "+Too"), heard());
        List<String> log = new ArrayList<>();
        store.readLog(null)
                .forEach(transaction ->
                        log.add(transaction.events().get(0).type().value()));
        assertEquals(List.of("Too", "Packed", "First"), log);
        git.run("rebase", "--abort");
        assertEquals(List.of(), heard());
    }

    private static Append one(String type) {
        return Append.to(A, ExpectedVersion.current(), NewEvent.of(type, "{}"));
    }

    @Test
    void T28_whatARebaseDropsIsGoneWhenItIsDone() throws IOException { // T28, P6
        makeConflict();
        git.runAndStop("rebase", "-q", "side");
        heard();
        git.run("rebase", "--skip");
        assertEquals(List.of("-Main"), heard());
        assertEquals(List.of("First", "Side"), types());
    }

    @Test
    void T28_aCherryPickThatStopsAndIsGivenUp() throws IOException { // T28, P6
        makeConflict();
        git.runAndStop("cherry-pick", "side");
        assertEquals(1, heard().size());
        assertEquals(3, types().size());
        git.run("cherry-pick", "--abort");
        assertEquals(List.of("-Side"), heard());
        assertEquals(List.of("First", "Main"), types());
    }

    @Test
    void T28_aMergeThatStopsAndIsFinished() throws IOException { // T28, P6
        makeConflict();
        git.runAndStop("merge", "-q", "side");
        assertEquals(1, heard().size());
        Files.writeString(git.directory().resolve("user.txt"), "both\n");
        git.commitAll("merged");
        assertEquals(List.of(), heard());
        assertEquals(3, types().size());
    }
}
