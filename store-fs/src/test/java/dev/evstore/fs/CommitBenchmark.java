package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.Origin;
import dev.evstore.core.format.Draft;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.format.TransactionEncoder;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.HybridClock;
import dev.evstore.core.id.StreamId;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a commit of 100 new transactions takes in a repository of 100,000 event files, beside
 * {@code git add -A && git commit} of 100 more in the same one. Prints both.
 */
@Tag("soak")
final class CommitBenchmark {

    private static final int FILES = Integer.getInteger("evstore.bench.files", 100_000);
    private static final int IN_A_DIRECTORY = 330;
    private static final int ROUNDS = 7;

    @TempDir
    private Path directory;

    @Test
    void aCommitCostsWhatIsNew() throws Exception {
        Committing here = Committing.in(directory.resolve("repository"), "");
        writeLooseFiles(here.root().resolve("events"));
        here.git().commit("all of them");
        here.git().git("gc", "-q");
        List<Long> ours = new ArrayList<>();
        List<Long> gits = new ArrayList<>();
        try (FileEventStore store = FileEventStore.open(here.root())) {
            for (int round = 0; round < ROUNDS; round++) {
                Committing.append(store, "a", 100);
                long start = System.nanoTime();
                CommitResult result = GitWorkTree.of(store).commit(null);
                ours.add((System.nanoTime() - start) / 1_000_000);
                assertEquals(100, result.transactions());
                Committing.append(store, "a", 100);
                start = System.nanoTime();
                here.git().git("add", "-A");
                here.git().git("commit", "-q", "-m", "by git");
                gits.add((System.nanoTime() - start) / 1_000_000);
            }
        }
        Collections.sort(ours);
        Collections.sort(gits);
        System.out.println(FILES + " event files, commit of 100 more, ms: evstore " + ours + ", git " + gits
                + ", median ratio " + (double) gits.get(ROUNDS / 2) / ours.get(ROUNDS / 2));
    }

    private static void writeLooseFiles(Path events) throws IOException {
        HybridClock ids = new HybridClock(Clock.systemUTC(), new Random(1));
        Origin origin = new Origin(Foreign.REPLICA, 1, Origin.format(ManualClock.START));
        for (int i = 0; i < FILES; i++) {
            StreamId stream = StreamId.of("s" + i % 1000);
            NewEvent event = NewEvent.of("T", "{\"text\":\"" + "x".repeat(150) + i + "\"}");
            Transaction transaction = TransactionEncoder.encode(new Draft(
                    ids.next(null),
                    origin,
                    new TreeMap<>(),
                    new TreeMap<>(Map.of(stream, new TransactionHeader.Free())),
                    new TreeMap<>(),
                    null,
                    null,
                    List.of(new Draft.Event(stream, event, null))));
            Path month = Files.createDirectories(events.resolve("d" + i / IN_A_DIRECTORY));
            Files.write(month.resolve(transaction.header().id() + ".jsonl"), transaction.bytes());
        }
    }
}
