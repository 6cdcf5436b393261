package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that finds no more room, wherever it writes at that moment, and then finds room again. A limit on the length
 * of files stands for the full disk: nobody has to own one, and it meets every write of drafts and of SQLite alike.
 */
@Tag("stores")
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class FullDiskIT {

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    @SuppressWarnings("NullAway.Init") // set before each test
    private StoreLayout layout;

    @SuppressWarnings("NullAway.Init")
    private RoomProcess process;

    @BeforeEach
    void fiveEvents() throws IOException {
        process = RoomProcess.start(directory);
        for (int k = 0; k < 5; k++) {
            ok("append 10");
        }
        layout = Local.layout(directory);
    }

    @AfterEach
    void end() {
        process.close();
        try (FileEventStore store = FileEventStore.open(directory)) {
            assertTrue(store.status().isClean(), () -> store.status().toString());
            ReferenceReader.check(directory, store);
        }
    }

    private String ok(String order) throws IOException {
        String answer = process.order(order);
        assertTrue(answer.startsWith("ok "), () -> order + ": " + answer);
        return answer.substring(3);
    }

    /** What it says, where it is, what to do. */
    private String refused(String order, String with) throws IOException {
        String answer = process.order(order);
        assertTrue(answer.startsWith(with), () -> order + ": " + answer);
        assertTrue(answer.contains("where: " + layout.root()), answer);
        assertTrue(answer.contains("try: "), answer);
        assertTrue(answer.contains("space") || answer.contains("room"), answer);
        return answer;
    }

    private int eventFiles() throws IOException {
        try (Stream<Path> all = Files.walk(layout.events())) {
            return (int) all.filter(file -> file.toString().endsWith(".jsonl")).count();
        }
    }

    private long databases() throws IOException {
        try (Stream<Path> all = Files.list(layout.local())) {
            return all.filter(file -> file.toString().endsWith(".db")).count();
        }
    }

    private void assertNoDrafts() throws IOException {
        try (Stream<Path> all = Files.list(layout.temporary())) {
            assertEquals(
                    List.of(),
                    all.filter(file -> file.toString().endsWith(".tmp")).toList());
        }
    }

    private void worksAgain() throws Exception {
        process.limit(0);
        ok("append 10");
        String events = String.valueOf(eventFiles());
        assertEquals(events, ok("page"));
        assertEquals(events, ok("read"));
        assertEquals("[]", ok("verify"));
        assertEquals("[]", ok("status"));
        assertNoDrafts();
    }

    @Test
    void T36_anEventFileThatDoesNotFitLeavesNothingBehind() throws Exception { // T36, A2
        process.limit(100);
        refused("append 200000", "NOTHING_WRITTEN");
        assertEquals(5, eventFiles());
        assertNoDrafts();
        assertEquals("5", ok("read"));
        worksAgain();
        assertEquals(6, eventFiles());
    }

    @Test
    void T36_whereverTheDiskIsFullAnAppendSaysTrulyWhetherItWrote() throws Exception { // T36, A2, A3
        boolean before = false;
        boolean after = false;
        int files = 5;
        // Each has a little more room than the one before: the write that fails comes later and later.
        for (int kilobytes = 1; kilobytes < 400 && !(before && after); kilobytes += 7) {
            process.limit(kilobytes);
            String answer = process.order("append 40000");
            if (!answer.startsWith("ok ")) {
                boolean written = answer.startsWith("WRITTEN_NOT_ACKNOWLEDGED ");
                assertTrue(written || answer.startsWith("NOTHING_WRITTEN "), answer);
                assertEquals(written, answer.contains("append again only with a command"), answer);
                assertEquals(written ? files + 1 : files, eventFiles(), answer);
                before |= !written;
                after |= written;
            }
            assertNoDrafts();
            process.limit(0);
            ok("append 10");
            files = eventFiles();
            assertEquals(String.valueOf(files), ok("read"));
        }
        assertTrue(before && after);
        worksAgain();
    }

    @Test
    void T36_whatArrivesOnAFullDiskIsTakenInWhenThereIsRoom() throws Exception { // T36, A3
        try (FileEventStore other = FileEventStore.create(elsewhere)) {
            for (int k = 0; k < 300; k++) {
                other.append(StreamId.of("a"), ExpectedVersion.any(), NewEvent.of("T", "{}"));
            }
        }
        process.limit(150);
        Path month = Files.createDirectories(layout.events().resolve("from-elsewhere"));
        try (Stream<Path> all = Files.walk(elsewhere.resolve("events"))) {
            for (Path file :
                    all.filter(file -> file.toString().endsWith(".jsonl")).toList()) {
                Files.copy(file, month.resolve(Objects.requireNonNull(file.getFileName())));
            }
        }
        refused("look", "StoreUnusableException");
        refused("page", "StoreUnusableException");
        refused("append 10", "NOTHING_WRITTEN");
        assertEquals("5", ok("read"));
        assertEquals(305, eventFiles());
        worksAgain();
    }

    @Test
    void T36_aReindexWithoutRoomLeavesTheLiveIndexAndTakesNoRoom() throws Exception { // T36
        ok("page");
        for (String order : List.of("reindex", "reindex-from-scratch")) {
            int failures = 0;
            String answer = "";
            for (int kilobytes = 60; kilobytes < 600 && !answer.startsWith("ok "); kilobytes += 6) {
                process.limit(kilobytes); // from its first table to its last row
                answer = process.order(order);
                if (!answer.startsWith("ok ")) {
                    failures++;
                    assertTrue(answer.contains("the live one is as it was"), answer);
                    assertTrue(answer.contains("free space"), answer);
                    assertEquals(1, databases(), answer);
                    assertEquals("5", ok("read"));
                }
            }
            assertTrue(failures > 10);
        }
        worksAgain();
        assertEquals("6", ok("reindex"));
        assertEquals("6", ok("reindex-from-scratch"));
        worksAgain();
    }

    @Test
    void T36_closingOnAFullDiskIsNoFailure() throws Exception { // T36: what was done is done
        process.limit(0);
        Path count = layout.replica();
        String before = Files.readString(count);
        process.limit(-1);
        ok("close");
        assertEquals(before, Files.readString(count), "it could not be saved");
        assertFalse(before.contains("\"seq\":5"));
        assertNoDrafts();
    }
}
