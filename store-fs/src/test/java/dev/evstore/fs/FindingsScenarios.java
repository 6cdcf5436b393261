package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.Finding;
import dev.evstore.core.Finding.Code;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.StoreStatus;
import dev.evstore.core.append.Findings;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.StreamId;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios of the blueprint about findings. */
@Tag("stores")
class FindingsScenarios {

    private static final StreamId MINE = StreamId.of("mine");
    private static final long YEAR = Duration.ofDays(365).toMillis();

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();

    @SuppressWarnings("NullAway.Init") // made before each test, and anew for each code
    private GitClone git;

    private int made;

    /** Does to a closed store what the finding is about. */
    private interface Cause {
        void happen() throws Exception;
    }

    @BeforeEach
    void aStore() {
        git = GitClone.withStore(directory.resolve("store-" + made++), "");
        try (FileEventStore store = open()) {
            append(store);
        }
        git.commit("an event");
    }

    private FileEventStore open() {
        return FileEventStore.open(
                git.root(), StoreOptions.defaults().clock(clock).random(new Random(made)));
    }

    private static void append(FileEventStore store) {
        store.append(MINE, ExpectedVersion.current(), NewEvent.of("Mine", "{}"));
    }

    private void write(String name, byte[]... parts) {
        try (var out = Files.newOutputStream(git.root().resolve("events/" + name))) {
            for (byte[] part : parts) {
                out.write(part);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void write(Transaction... transactions) {
        for (Transaction transaction : transactions) {
            write("by-hand-" + made++ + ".jsonl", transaction.bytes());
        }
    }

    private static Foreign at(long millis) {
        return Foreign.at(millis).onto("foreign-" + millis).event("foreign-" + millis, "Foreign");
    }

    private Path eventFile() throws IOException {
        try (Stream<Path> all = Files.walk(git.root().resolve("events"))) {
            return all.filter(file -> file.toString().endsWith(".jsonl"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Path database() throws IOException {
        Path local = Local.of(git.root());
        return local.resolve(Files.readString(local.resolve("current")).strip());
    }

    private void changeIndex(String change) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(change);
        }
    }

    private void appendAndLose() {
        try (FileEventStore store = open()) {
            append(store);
        }
        git.git("clean", "-q", "-fd");
    }

    private Map<Code, Cause> causes() {
        Map<Code, Cause> causes = new EnumMap<>(Code.class);
        Transaction one = at(10).build();
        causes.put(Code.INVALID, () -> write("x.jsonl", "rubbish\n".getBytes(StandardCharsets.US_ASCII)));
        causes.put(
                Code.UNREADABLE,
                () -> Files.createSymbolicLink(git.root().resolve("events/x.jsonl"), Path.of("nowhere")));
        causes.put(Code.NAME_TAKEN, () -> {
            clock.move(Duration.ofDays(60));
            write(String.valueOf(clock.instant()).substring(0, 7), new byte[] {1});
        });
        causes.put(Code.RULES_CHANGED, () -> write(".gitattributes", "* text\n".getBytes(StandardCharsets.US_ASCII)));
        causes.put(Code.NEWER_FORMAT, () -> write(Foreign.newer(one)));
        causes.put(
                Code.VARIANT,
                () -> write(one, at(10).event("foreign-10", "Other").build()));
        causes.put(
                Code.PARENT_MISMATCH,
                () -> write(
                        one, at(20).parent(one.header().id(), "0".repeat(32)).build()));
        causes.put(Code.FAR_FUTURE, () -> write(at(20 * YEAR).build()));
        causes.put(Code.CLOCK_AHEAD, () -> write(at(YEAR).build()));
        causes.put(
                Code.NAMES_NO_HEAD,
                () -> write(
                        one,
                        Foreign.at(20)
                                .onto("b", one.header().id())
                                .event("b", "B")
                                .build()));
        causes.put(
                Code.COMMAND_TWICE,
                () -> write(at(10).command("c").build(), at(20).command("c").build()));
        causes.put(
                Code.LOCAL_RENEWED, () -> SelfRepairTraps.deleteAll(git.root().resolve(".evstore")));
        causes.put(Code.INDEX_REBUILT, () -> Files.writeString(database(), "torn".repeat(5000)));
        causes.put(Code.FILE_CHANGED, () -> {
            try (FileEventStore store = open()) {
                IndexRows.refreshUntilSettled(store, git.root());
            }
            Path file = eventFile();
            Files.writeString(file, Files.readString(file).replace("\"Mine\"", "\"Main\""));
        });
        causes.put(Code.INDEX_WRONG, () -> changeIndex("DELETE FROM head"));
        causes.put(Code.UNCOMMITTED_LOST, this::appendAndLose);
        causes.put(Code.NOT_CHECKED_OUT, () -> Files.delete(eventFile()));
        causes.put(Code.GIT_CONFLICT, () -> write("x.jsonl", "<<<<<<< HEAD\n".getBytes(StandardCharsets.US_ASCII)));
        causes.put(Code.EVENTS_ELSEWHERE, () -> {
            Path other = Files.createDirectories(git.root().resolve("moved/events/2026-11"));
            Files.copy(eventFile(), other.resolve(eventFile().getFileName().toString()));
            git.git("add", "-A");
            git.git("commit", "-q", "-m", "moved");
        });
        causes.put(
                Code.GIT_RULES,
                () -> Files.writeString(git.root().resolve(".git/info/attributes"), "*.jsonl text eol=crlf\n"));
        causes.put(Code.LOCAL_TRACKED, () -> git.git("add", "-f", ".evstore/.gitignore"));
        causes.put(Code.GIT_UNREADABLE, () -> Files.writeString(git.root().resolve(".git/HEAD"), "nonsense\n"));
        return causes;
    }

    private List<Finding> findings() {
        try (FileEventStore store = open()) {
            List<Finding> found = new ArrayList<>(store.status().findings());
            found.addAll(store.verify(ProgressListener.NONE));
            return found;
        }
    }

    @Test
    void everyCodeIsFoundWhereItIsDue() throws Exception { // V2
        Map<Code, Cause> causes = causes();
        assertEquals(List.of(Code.values()), List.copyOf(causes.keySet()), "a code without a cause");
        for (Map.Entry<Code, Cause> cause : causes.entrySet()) {
            aStore();
            assertEquals(List.of(), findings());
            cause.getValue().happen();
            List<Finding> due = findings().stream()
                    .filter(finding -> finding.code() == cause.getKey())
                    .toList();
            assertFalse(due.isEmpty(), () -> cause.getKey() + " is not found");
            for (Finding finding : due) {
                assertTrue(finding.what().endsWith("."), finding::what);
                assertFalse(finding.where().isBlank(), finding::what);
                assertFalse(finding.remedy().isBlank() || finding.remedy().endsWith("."), finding::remedy);
            }
        }
    }

    @Test
    void whatIsOddIsToldOnceAndGoesWithItsCause() throws IOException { // T26, V2
        write("x.jsonl", "rubbish\n".getBytes(StandardCharsets.US_ASCII));
        for (int look = 0; look < 3; look++) {
            try (FileEventStore store = open()) {
                store.refresh();
                assertEquals(1, store.status().findings().size());
            }
        }
        Files.delete(git.root().resolve("events/x.jsonl"));
        try (FileEventStore store = open()) {
            assertTrue(store.status().isClean());
        }
    }

    @Test
    void aThousandFindingsAreKeptAndTheRestIsCounted() { // V2
        for (int file = 0; file < 60; file++) {
            write(file + ".jsonl", "{\"v\":1}\n".repeat(30).getBytes(StandardCharsets.US_ASCII));
        }
        try (FileEventStore store = open()) {
            StoreStatus status = store.status();
            assertEquals(Findings.MAX, status.findings().size());
            assertEquals(60 * 30 - Findings.MAX, status.moreFindings());
        }
    }

    @Test
    void aFlawHidesNothingElse() { // T26, V2
        Transaction good = at(10).build();
        Transaction other = at(20).build();
        write("x.jsonl", good.bytes(), "rubbish\n".getBytes(StandardCharsets.US_ASCII), other.bytes());
        try (FileEventStore store = open()) {
            assertEquals(3, store.status().events());
            append(store);
            assertEquals(4, store.status().events());
            assertEquals(1, store.status().findings().size());
        }
    }
}
