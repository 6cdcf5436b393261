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
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How long a commit of 100 new transactions takes in a repository of 100,000 event files, or of so many transactions in
 * files of 100, as commits make them; beside {@code git add -A && git commit} of 100 more in the same one. Prints both, what
 * nobody gets below who writes git's index and syncs it, and after which step of ours how much time had gone.
 */
@Tag("soak")
final class CommitBenchmark {

    private static final int FILES = Integer.getInteger("evstore.bench.files", 100_000);
    private static final int IN_A_DIRECTORY = 330;
    private static final int ROUNDS = 7;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void aCommitCostsWhatIsNew(int inAFile) throws Exception {
        Committing here = Committing.in(directory.resolve("repository"), "");
        writeFiles(here.root().resolve("events"), inAFile);
        here.git().commit("all of them");
        here.git().git("gc", "-q");
        List<Long> ours = new ArrayList<>();
        List<Long> gits = new ArrayList<>();
        List<Long> appends = new ArrayList<>();
        List<Long> afterGits = new ArrayList<>();
        List<Long> bare = new ArrayList<>();
        Map<CommitOperation.Step, Long> steps = new EnumMap<>(CommitOperation.Step.class);
        try (FileEventStore store = FileEventStore.open(here.root())) {
            for (int round = 0; round < ROUNDS; round++) {
                long first = System.nanoTime();
                Committing.append(store, "a", 1);
                afterGits.add(System.nanoTime() - first);
                Committing.append(store, "a", 99);
                long start = System.nanoTime();
                CommitResult result =
                        GitWorkTree.of(store).commit(null, step -> steps.put(step, System.nanoTime() - start));
                ours.add(System.nanoTime() - start);
                assertEquals(100, result.transactions());
                long again = System.nanoTime();
                Committing.append(store, "a", 1);
                appends.add(System.nanoTime() - again);
                Committing.append(store, "a", 99);
                again = System.nanoTime();
                here.git().git("add", "-A");
                here.git().git("commit", "-q", "-m", "by git");
                gits.add(System.nanoTime() - again);
                again = System.nanoTime();
                rewriteIndex(here.git().root());
                bare.add(System.nanoTime() - again);
            }
        }
        steps.replaceAll((step, nanos) -> nanos / 100_000);
        System.out.println(
                FILES + " transactions, " + inAFile + " in a file; commit of 100 more, in tenths of ms: evstore "
                        + tenths(ours) + ", git " + tenths(gits) + ", git's index read, hashed, written and synced "
                        + tenths(bare) + ", first append after ours " + tenths(appends) + ", after git's "
                        + tenths(afterGits) + ", after each step " + steps);
    }

    /** Without a look at a single entry. */
    private static void rewriteIndex(Path root) throws IOException, NoSuchAlgorithmException {
        byte[] index = Files.readAllBytes(root.resolve(".git/index"));
        int hashed = index.length - 20;
        MessageDigest digest = MessageDigest.getInstance("SHA-1");
        digest.update(index, 0, hashed);
        System.arraycopy(digest.digest(), 0, index, hashed, 20);
        new Disk().replace(root.resolve(".git"), root.resolve(".git/bare-index"), index);
    }

    private static List<Long> tenths(List<Long> nanos) {
        return nanos.stream().map(one -> one / 100_000).sorted().toList();
    }

    private static void writeFiles(Path events, int inAFile) throws IOException {
        HybridClock ids = new HybridClock(Clock.systemUTC(), new Random(1));
        Origin origin = new Origin(Foreign.REPLICA, 1, Origin.format(ManualClock.START));
        for (int i = 0; i < FILES / inAFile; i++) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            List<TransactionId> inIt = new ArrayList<>();
            for (int k = 0; k < inAFile; k++) {
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
                inIt.add(transaction.header().id());
                bytes.writeBytes(transaction.bytes());
            }
            Path month = Files.createDirectories(events.resolve("d" + i / IN_A_DIRECTORY));
            String name =
                    inAFile == 1 ? inIt.get(0) + ".jsonl" : StoreLayout.packName(inIt.get(0), bytes.toByteArray());
            Files.write(month.resolve(name), bytes.toByteArray());
        }
    }
}
