package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.Finding;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.StreamId;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ManualClock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What stands below {@code events/} and should not: one finding each, the rest works, nothing hangs. */
@Tag("stores")
@Timeout(60)
class HostileFilesTraps {

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private EventFilesByHand hand;

    @SuppressWarnings("NullAway.Init")
    private Path month;

    private final Transaction good =
            Foreign.at(5).onto("good").event("good", "Good").build();
    private int expected = 1;

    @BeforeEach
    void open() throws IOException {
        hand = new EventFilesByHand(
                directory, StoreOptions.defaults().clock(new ManualClock()).random(new Random(3)));
        hand.store().append(StreamId.of("mine"), ExpectedVersion.noStream(), NewEvent.of("Mine", "{}"));
        month = Files.createDirectories(directory.resolve("events/2026-10"));
        Files.write(month.resolve("good.jsonl"), good.bytes());
    }

    /** Looked at twice and reopened, it is told once; reading, writing and the feed go on. */
    @AfterEach
    void theRestWorks() {
        for (int look = 0; look < 3; look++) {
            hand.store().refresh();
            if (look == 1) {
                hand.close();
                hand = new EventFilesByHand(
                        directory,
                        StoreOptions.defaults().clock(new ManualClock()).random(new Random(4)));
            }
            List<Finding> findings = hand.store().status().findings();
            assertEquals(expected, findings.size(), findings::toString);
        }
        assertEquals(1, hand.store().read(StreamId.of("good")).events().size());
        hand.store().append(StreamId.of("mine"), ExpectedVersion.exactly(1), NewEvent.of("Mine", "{}"));
        long events = hand.store().status().events();
        assertEquals(
                events,
                hand.store()
                        .readFeed(FeedCursor.beginning(), EventFilter.all(), 100)
                        .entries()
                        .size());
        hand.close();
    }

    private static Transaction other(int n) {
        return Foreign.at(100 + n).onto("other").event("other", "Other").build();
    }

    private void write(String name, String text) throws IOException {
        Files.write(month.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Transaction transaction) {
        return new String(transaction.bytes(), StandardCharsets.UTF_8);
    }

    private void assertOther(int events) {
        hand.store().refresh();
        assertEquals(events, hand.store().read(StreamId.of("other")).events().size());
    }

    private static void fifo(Path path) throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
    }

    @Test
    void T62_aFifoIsNotOpened() throws Exception { // T62
        fifo(month.resolve("x.jsonl"));
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // nothing interrupts who opens a FIFO
    void T62_aFifoInThePlaceOfAnEventFileThatWasTakenInHangsNoReader() throws Exception { // T62, V5
        StringBuilder pack = new StringBuilder();
        for (int k = 0; k < 20; k++) {
            pack.append(text(Foreign.at(1000 + k)
                    .free("big")
                    .event("big", NewEvent.of("Big", "\"" + "x".repeat(8000) + "\""))
                    .build()));
        }
        write("pack.jsonl", pack.toString());
        hand.store().refresh();
        assertEquals(20, hand.store().read(StreamId.of("big")).events().size());
        Files.delete(month.resolve("pack.jsonl"));
        fifo(month.resolve("pack.jsonl"));
        assertEquals(0, hand.store().read(StreamId.of("big")).events().size());
    }

    @Test
    void T62_aLinkIsNotFollowed() throws IOException { // T62
        Path outside = Files.write(directory.resolve("outside"), other(1).bytes());
        Files.createSymbolicLink(month.resolve("x.jsonl"), outside);
        assertOther(0);
    }

    @Test
    void T62_aLinkToNowhere() throws IOException { // T62
        Files.createSymbolicLink(month.resolve("x.jsonl"), Path.of("nowhere"));
    }

    @Test
    void T62_aLinkedDirectoryIsNotFollowed() throws IOException { // T62
        expected = 0;
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.write(outside.resolve("x.jsonl"), other(1).bytes());
        Files.createSymbolicLink(directory.resolve("events/2026-11b"), outside);
        Files.createSymbolicLink(month.resolve("round"), Path.of(".."));
        assertOther(0);
    }

    @Test
    void T62_aLinkInThePlaceOfADirectoryThatWasListedIsNotFollowed() throws IOException { // T62
        expected = 0;
        Path deep = Files.createDirectories(directory.resolve("events/a/b"));
        Files.write(deep.resolve("x.jsonl"), other(1).bytes());
        assertOther(1);
        Files.move(directory.resolve("events/a"), directory.resolve("moved"));
        Files.createSymbolicLink(directory.resolve("events/a"), directory.resolve("moved"));
        assertOther(0);
    }

    @Test
    void T62_aFileInThePlaceOfADirectoryThatWasListed() throws IOException { // T62
        expected = 0;
        Path deep = Files.createDirectories(directory.resolve("events/a/b"));
        Files.write(deep.resolve("x.jsonl"), other(1).bytes());
        assertOther(1);
        Files.move(directory.resolve("events/a"), directory.resolve("moved"));
        Files.write(directory.resolve("events/a"), new byte[] {1});
        assertOther(0);
    }

    @Test
    void T62_eventsItselfIsALink() throws IOException { // T62
        expected = 0;
        hand.store().refresh();
        Path events = directory.resolve("events");
        Files.move(events, directory.resolve("moved"));
        Files.createSymbolicLink(events, Path.of("moved"));
        hand.store().refresh();
        assertEquals(0, hand.store().status().events(), "nothing is read through it");
        try {
            FileEventStore.open(directory).close();
            assertTrue(false, "it was opened through a link");
        } catch (StoreUnusableException e) {
            Files.delete(events);
            Files.move(directory.resolve("moved"), events);
        }
    }

    @Test
    void T62_aDirectoryThatIsNamedLikeAFileIsADirectory() throws IOException { // T62
        expected = 0;
        Path named = Files.createDirectories(month.resolve("x.jsonl"));
        Files.write(named.resolve("y.jsonl"), other(1).bytes());
        assertOther(1);
    }

    @Test
    void T26_aFileOver32MebibytesIsNotRead() throws IOException { // T26
        try (RandomAccessFile file =
                new RandomAccessFile(month.resolve("x.jsonl").toFile(), "rw")) {
            file.setLength(33L << 20);
        }
    }

    @Test
    void T26_anEmptyFile() throws IOException { // T26
        write("x.jsonl", "");
    }

    @Test
    void T26_conflictMarkers() throws IOException { // T26
        write("x.jsonl", "<<<<<<< HEAD\n" + text(other(1)) + "=======\n" + text(other(2)) + ">>>>>>> theirs\n");
        assertOther(2);
        expected = hand.store().status().findings().size();
        assertTrue(expected >= 1 && expected <= 3, () -> "findings: " + expected);
    }

    @Test
    void T24_convertedLineEnds() throws IOException { // T24
        write("x.jsonl", text(other(1)).replace("\n", "\r\n"));
        assertOther(0);
    }

    @Test
    void T26_anLfsPointer() throws IOException { // T26
        write("x.jsonl", "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a".repeat(64) + "\nsize 5\n");
    }

    @Test
    void T26_aFileThatIsNotUtf8() throws IOException { // T26
        byte[] bytes = other(1).bytes();
        bytes[bytes.length / 2] = (byte) 0xFF;
        Files.write(month.resolve("x.jsonl"), bytes);
        assertOther(0);
    }

    @Test
    void T26_aFileThatIsCutShort() throws IOException { // T26
        String whole = text(other(1)) + text(other(2));
        write("x.jsonl", whole.substring(0, whole.length() - 40));
        assertOther(1);
        assertTrue(Files.size(month.resolve("x.jsonl")) > 0);
    }

    @Test
    void T26_namesThatBeginWithADotAreSkipped() throws IOException { // T26
        expected = 0;
        write("._x.jsonl", "rubbish");
        write(".x.jsonl", "rubbish");
        Files.createDirectories(month.resolve(".git"));
        write(".git/x.jsonl", "rubbish");
        write("notes.txt", "rubbish");
        write("x.JSONL", text(other(3)));
        assertOther(0);
    }

    @Test
    void T26_jsonThatUnfoldsIsRefused() throws IOException { // T26, T61
        write("x.jsonl", "{\"v\":1,\"tx\":" + "[".repeat(500_000) + "\n");
    }

    @Test
    void T26_aThousandBadLinesLeaveRoomForOtherFindings() throws IOException { // T26, V2
        write("x.jsonl", "{\"v\":1}\n".repeat(5000));
        write("y.jsonl", "");
        hand.store().refresh();
        expected = 21;
        assertTrue(hand.store().status().findings().stream()
                .anyMatch(finding -> finding.where().contains("y.jsonl")));
    }

    @Test
    void T33_namesOfAnyCharacters() throws Exception { // T33
        expected = 0;
        // By URI: a name is bytes, and this process may be unable to write them as text.
        List<String> names = List.of(
                "with%20blank.jsonl",
                "%C3%BCml%C3%A4ut.jsonl", "new%0Aline.jsonl", "%FF%FE.jsonl", "100%25.jsonl", "a+b.jsonl");
        int n = 0;
        for (String name : names) {
            Path path = Path.of(URI.create(month.toUri() + name));
            Files.write(path, other(n++).bytes());
        }
        Path named = Path.of(URI.create(month.toUri() + "%C3%B6rtlich%FF"));
        Files.createDirectory(named);
        Files.write(named.resolve("x.jsonl"), other(n++).bytes());
        assertOther(n);
        hand.store().refresh();
        assertEquals(n, hand.store().read(StreamId.of("other")).events().size());
    }

    @Test
    void T33_aPathThatIsTooLongForTheSystem() throws Exception { // T33
        // Made by moving one tree into another, as a checkout does that works with relative paths.
        Path deep = Files.createDirectories(directory.resolve("t/" + ("d".repeat(250) + "/").repeat(8)));
        Files.write(deep.resolve("x.jsonl"), other(1).bytes());
        Path below = Files.createDirectories(month.resolve(("e".repeat(250) + "/").repeat(9)));
        Files.move(directory.resolve("t"), below.resolve("t"));
        hand.store().refresh();
        expected = hand.store().status().findings().size();
        // It is neither read nor in anybody's way; then it is made readable again for the one who cleans up.
        Files.move(below.resolve("t"), directory.resolve("t"));
        hand.store().refresh();
        expected = 0;
    }

    @Test
    void T26_whatIsOddWhileGitIsBusyIsToldOnce() throws Exception { // T26, P6, V2
        Git.init(directory);
        hand.close();
        hand = new EventFilesByHand(
                directory, StoreOptions.defaults().clock(new ManualClock()).random(new Random(5)));
        fifo(month.resolve("x.jsonl"));
        Files.write(directory.resolve(".git/MERGE_HEAD"), new byte[0]);
        for (int look = 0; look < 5; look++) {
            hand.store().refresh();
        }
        assertEquals(1, hand.store().status().findings().size());
        Files.delete(directory.resolve(".git/MERGE_HEAD"));
    }
}
