package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.StreamId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Everything at once on one working copy: writers, followers, rebuilding, a command line, and git. */
@Tag("stores")
@Timeout(300)
class CrowdIT {

    private static final int MERGES = 5;

    @TempDir
    Path directory;

    private final List<StoreProcess> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(StoreProcess::close);
    }

    private List<StoreProcess> start(Path store, String... tasks) throws IOException {
        List<StoreProcess> started = new ArrayList<>();
        for (String task : tasks) {
            StoreProcess process = CrowdProcess.start(task, store);
            processes.add(process);
            started.add(process);
        }
        return started;
    }

    private static List<String> stop(Collection<StoreProcess> crowd) throws Exception {
        for (StoreProcess process : crowd) {
            process.stop();
        }
        List<String> said = new ArrayList<>();
        for (StoreProcess process : crowd) {
            said.addAll(process.toItsEnd());
        }
        return said;
    }

    @Test
    void T34_aCrowdOfWritersFollowersRebuildersAndMergesLosesAndDoublesNothing() throws Exception { // T34, P1, T59
        Path store = Files.createDirectories(directory.resolve("here"));
        Git here = Git.init(store);
        FileEventStore.create(store).close();
        here.commitAll("a store");
        Git there = here.cloneTo(directory.resolve("there"));

        List<StoreProcess> writers = start(store, "append", "append", "append", "import");
        List<StoreProcess> others = start(store, "reindex", "status");
        List<StoreProcess> followers = start(store, "follow", "subscribe");
        for (StoreProcess process : processes) {
            process.go();
        }
        for (StoreProcess writer : writers) {
            writer.line(); // all of them have begun
        }
        Set<String> theirs = new HashSet<>();
        for (int merge = 0; merge < MERGES; merge++) {
            try (FileEventStore clone = FileEventStore.open(there.directory())) {
                theirs.add(clone.append(StreamId.of("theirs"), ExpectedVersion.current(), NewEvent.of("T", "{}"))
                        .transaction()
                        .toString());
            }
            there.commitAll("theirs");
            here.commitAll("ours"); // so it is a merge, and no fast forward
            here.run("pull", "-q", "--no-rebase", there.directory().toString(), "main");
        }
        Set<String> acknowledged = new HashSet<>(theirs);
        for (String line : stop(writers)) {
            assertTrue(acknowledged.add(line.substring(4)), line);
        }
        assertFalse(stop(others).isEmpty());
        try (FileEventStore open = FileEventStore.open(store)) {
            Map<String, String> events = new TreeMap<>();
            for (StoredEvent event : open.readAll(ReadAllOptions.forwards())) {
                events.put(event.id().toString(), event.id().transaction().toString());
            }
            assertTrue(events.values().containsAll(acknowledged));
            for (StoreProcess follower : followers) {
                follower.stop();
            }
            for (StoreProcess follower : followers) {
                assertSawEachOnceInOrder(follower.toItsEnd(), events.keySet());
            }
            assertEquals(List.of(), open.verify(ProgressListener.NONE));
            assertEquals(List.of(), open.status().findings());
            assertEquals(List.of(), open.forks());
            StoreAgainstModel.check(open, headers(store));
            ReferenceReader.check(store, open);
        }
        try (Stream<Path> drafts = Files.list(Local.of(store).resolve("tmp"))) {
            assertEquals(
                    List.of(), drafts.filter(f -> f.toString().endsWith(".tmp")).toList());
        }
        assertFalse(Files.exists(store.resolve(".git/index.lock")));
    }

    private static void assertSawEachOnceInOrder(List<String> said, Set<String> events) {
        Set<String> seen = new HashSet<>();
        Set<String> epochs = new HashSet<>();
        long last = 0;
        for (String line : said) {
            String[] words = line.split(" ", -1);
            assertEquals("saw", words[0], line);
            epochs.add(words[1]);
            long number = Long.parseLong(words[2]);
            boolean sameTransaction = number == last && !words[3].endsWith("/0");
            assertTrue(number > last || sameTransaction, () -> line + " comes too late");
            last = number;
            assertTrue(seen.add(words[3]), () -> line + " was there before");
        }
        assertEquals(events, seen);
        assertEquals(1, epochs.size());
    }

    private static List<TransactionHeader> headers(Path store) throws IOException {
        List<TransactionHeader> headers = new ArrayList<>();
        try (Stream<Path> all = Files.walk(store.resolve("events"))) {
            for (Path file : all.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
                EventFilesByHand.read(file).forEach(transaction -> headers.add(transaction.header()));
            }
        }
        return headers;
    }
}
