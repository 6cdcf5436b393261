package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.StreamSlice;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A rebase, pull or bisect takes packs away that are read in place, under an application that goes on. What is withheld
 * from the feed stays readable wherever it is asked for.
 */
@Tag("stores")
@Timeout(120)
class BetweenGitsStepsIT {

    private static final StreamId A = StreamId.of("a");

    /** Together more than 64 KiB. */
    private static final int IN_A_PACK = 30;

    private static final String TEXT = "\"" + "read in place ".repeat(200) + "\"";

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private FileEventStore store;

    @SuppressWarnings("NullAway.Init")
    private Git here;

    @SuppressWarnings("NullAway.Init")
    private Git there;

    private FeedCursor cursor = FeedCursor.beginning();

    @BeforeEach
    void twoClones() throws IOException {
        Path path = Files.createDirectories(directory.resolve("here"));
        here = Git.init(path);
        store = FileEventStore.create(path);
        user(here, "0");
        append(store, "First", 1);
        here.commitAll("first");
        there = here.cloneTo(directory.resolve("there"));
        here.run("remote", "add", "origin", there.directory().toString());
    }

    @AfterEach
    void close() {
        try (FileEventStore closing = store) {
            assertTrue(
                    closing.status().findings().isEmpty(),
                    () -> closing.status().toString());
            assertEquals(List.of(), closing.verify(ProgressListener.NONE));
            ReferenceReader.check(here.directory(), closing);
        }
    }

    private static void user(Git git, String text) {
        try {
            Files.writeString(git.directory().resolve("user.txt"), text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TransactionId append(FileEventStore to, String type, int count) {
        List<Append> row = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            row.add(Append.to(A, ExpectedVersion.any(), NewEvent.of(type, TEXT)).command(type + " " + k));
        }
        return to.appendAll(row).results().get(0).transaction();
    }

    /** The other clone has a pack and another line in the user's file. */
    private void theyWrite(String type) {
        try (FileEventStore theirs = FileEventStore.open(there.directory())) {
            append(theirs, type, IN_A_PACK);
        }
        user(there, type);
        there.commitAll(type);
    }

    private long packs() throws IOException {
        try (Stream<Path> all = Files.walk(here.directory().resolve("events"))) {
            return all.filter(file -> String.valueOf(file.getFileName()).startsWith("pack-"))
                    .count();
        }
    }

    private List<Path> ghosts() throws IOException {
        Path ghosts = Local.of(here.directory()).resolve("ghosts");
        if (!Files.exists(ghosts)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(ghosts)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    /** What the consumer hears next: how often each type came and went. */
    private String heard() {
        int came = 0;
        int went = 0;
        FeedPage page;
        do {
            page = store.readFeed(cursor, EventFilter.all(), 20);
            for (FeedEntry entry : page.entries()) {
                if (entry instanceof FeedEntry.Arrival) {
                    came++;
                } else {
                    went++;
                }
            }
            cursor = page.next();
        } while (!page.atEnd());
        return "+" + came + " -" + went;
    }

    /** By every way there is. */
    private void assertReadable(int events) {
        assertEquals(events, store.read(A).events().size());
        int inOrder = 0;
        for (StoredEvent event : store.readAll(ReadAllOptions.forwards())) {
            assertEquals(TEXT, ((RecordedEvent) event).data().toString());
            inOrder++;
        }
        assertEquals(events, inOrder);
        int transactions = 0;
        for (TransactionHeader header : store.readLog(null)) {
            assertEquals(
                    1, store.readTransaction(header.id()).orElseThrow().events().size());
            transactions++;
        }
        assertEquals(events, transactions);
        FeedPage page = store.readFeed(FeedCursor.beginning(), EventFilter.all(), EventStore.MAX_PAGE);
        assertEquals(events, page.entries().size());
    }

    /** Stops before our pack is put on top of theirs: it is gone from the working tree. */
    private TransactionId stopInARebase() throws IOException {
        theyWrite("Theirs");
        user(here, "here");
        here.commitAll("conflicts");
        TransactionId first = append(store, "Ours", IN_A_PACK);
        here.commitAll("a pack of ours");
        assertEquals("+31 -0", heard());
        here.run("fetch", "-q", "origin");
        here.runAndStop("rebase", "-q", "origin/main");
        return first;
    }

    @Test
    void T70_whatAPullTakesAwayForAWhileStaysReadable() throws IOException { // T70, P6
        TransactionId first = stopInARebase();
        assertEquals(1, packs(), "theirs is there, ours is not");
        assertEquals("+30 -0", heard());
        assertReadable(61);
        assertEquals(1, ghosts().size());
        Append again =
                Append.to(A, ExpectedVersion.any(), NewEvent.of("Ours", TEXT)).command("Ours 0");
        assertEquals(first, store.append(again).transaction(), "what a command stands for is read in the file");
        append(store, "Meanwhile", 1);
        assertEquals("+1 -0", heard());

        user(here, "both");
        here.run("add", "user.txt");
        here.run("-c", "core.editor=true", "rebase", "--continue");
        assertEquals("+0 -0", heard());
        assertReadable(62);
        assertEquals(List.of(), ghosts());
    }

    @Test
    void T70_aReindexInBetweenKeepsWhatIsWithheld() throws IOException { // T70, P6
        stopInARebase();
        store.reindex(ProgressListener.NONE);
        assertEquals("+30 -0", heard());
        store.reindex(ProgressListener.NONE);
        assertEquals("+0 -0", heard());
        assertReadable(61);
        here.run("rebase", "--abort");
        assertEquals("+0 -30", heard());
        assertReadable(31);
        assertEquals(List.of(), ghosts());
    }

    @Test
    void P6_whileBisectStandsOnAnOldCommitEverythingStaysReadable() throws IOException { // P6
        append(store, "Ours", IN_A_PACK);
        append(store, "Loose", 1);
        here.commitAll("a pack");
        append(store, "More", IN_A_PACK);
        here.commitAll("another");
        assertEquals("+62 -0", heard());
        here.run("bisect", "start", "HEAD", "HEAD~2");
        here.run("checkout", "-q", "HEAD~1");
        assertEquals(0, packs());
        assertEquals("+0 -0", heard());
        assertReadable(62);
        here.run("bisect", "reset");
        assertEquals("+0 -0", heard());
        assertReadable(62);
    }

    @Test
    void P6_whatWasNotCommittedAndIsRemovedMeanwhileStaysReadableUntilGitIsDone() throws IOException { // P6, L2
        here.run("bisect", "start");
        append(store, "Ours", IN_A_PACK);
        assertEquals("+31 -0", heard());
        here.run("clean", "-fdq");
        assertEquals(0, packs());
        assertReadable(31);
        here.run("bisect", "reset");
        assertEquals("+0 -30", heard());
        assertEquals(1, store.restore().files().size());
        assertEquals("+30 -0", heard());
    }

    @Test
    void P6_whatStandsInAnotherFileTooIsReadThere() throws IOException { // P6, T29
        append(store, "Ours", IN_A_PACK);
        here.run("bisect", "start");
        IndexRows.refreshUntilSettled(store, here.directory()); // so the pack is not read, and recorded, once more
        Files.copy(packFiles().get(0), here.directory().resolve("events/copy.jsonl"));
        assertEquals("+31 -0", heard());
        for (Path pack : packFiles()) {
            Files.delete(pack); // the second copy among them
        }
        assertEquals("+0 -0", heard());
        assertReadable(31);
        here.run("bisect", "reset");
        assertReadable(31);
    }

    private List<Path> packFiles() throws IOException {
        try (Stream<Path> all = Files.walk(here.directory())) {
            return all.filter(file -> String.valueOf(file.getFileName()).startsWith("pack-"))
                    .toList();
        }
    }

    @Test
    void P6_whatIsNowhereToBeFoundIsNamedAndComesBackWithTheFile() throws IOException { // P6
        append(store, "Ours", IN_A_PACK);
        here.run("bisect", "start");
        Path kept = directory.resolve("kept");
        for (Path pack : packFiles()) {
            Files.copy(pack, kept, StandardCopyOption.REPLACE_EXISTING);
            Files.delete(pack);
        }
        StoreUnusableException failed = assertThrows(StoreUnusableException.class, () -> store.read(A));
        assertTrue(String.valueOf(failed.getMessage()).contains("events/2"), failed::toString);
        assertTrue(String.valueOf(failed.getMessage()).contains("wait until git is done"), failed::toString);
        Files.move(kept, here.directory().resolve("events/back.jsonl"));
        assertReadable(31);
        here.run("bisect", "reset");
        assertReadable(31);
    }

    @Test
    void T70_anApplicationThatFollowsWhilePullsRebaseHearsNothingTwiceAndNothingGoes() throws Exception { // T70
        AtomicBoolean done = new AtomicBoolean();
        List<String> heard = new ArrayList<>();
        List<Throwable> trouble = new ArrayList<>();
        Thread application = new Thread(() -> {
            while (!done.get()) {
                String news = heard();
                StreamSlice whole = store.read(A);
                assertEquals(whole.events().size(), whole.state().version().value());
                synchronized (heard) {
                    heard.add(news);
                }
            }
        });
        application.setUncaughtExceptionHandler((thread, e) -> trouble.add(e));
        application.start();
        for (int round = 0; round < 4 && trouble.isEmpty(); round++) {
            theyWrite("Theirs" + round);
            append(store, "Ours" + round, IN_A_PACK);
            here.commitAll("a pack");
            append(store, "OursToo" + round, IN_A_PACK);
            here.commitAll("another pack");
            here.run("pull", "-q", "--rebase", "origin", "main");
            here.run("push", "-q", "origin", "main:ours");
            there.run("merge", "-q", "ours");
        }
        done.set(true);
        application.join();
        assertEquals(List.of(), trouble);
        heard.add(heard());
        assertFalse(heard.stream().anyMatch(news -> !news.endsWith(" -0")), heard::toString);
        assertEquals(
                1 + 4 * 3 * IN_A_PACK,
                heard.stream()
                        .mapToInt(news -> Integer.parseInt(news.substring(1, news.indexOf(' '))))
                        .sum());
        assertReadable(1 + 4 * 3 * IN_A_PACK);
    }
}
