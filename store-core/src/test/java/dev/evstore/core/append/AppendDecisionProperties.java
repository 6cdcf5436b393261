package dev.evstore.core.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Limits;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.History;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.HybridClock;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class AppendDecisionProperties {

    private static final StreamId A = StreamId.of("a");
    private static final StreamId B = StreamId.of("b");
    private static final StreamId LOG = StreamId.of("log");

    @Property(tries = 150)
    void aWriterNamesTheHeadsOfTheStoreWithoutWhatItDoesNotFollow(@ForAll long seed) { // I1, I2, I6, F3
        Random random = new Random(seed);
        ManualClock wall = new ManualClock();
        InMemoryEventStore store = new InMemoryEventStore(wall, random);
        store.ingest(randomHistory(random));

        for (int i = 0; i < 3; i++) {
            History followed = History.of(store.transactions().stream()
                    .map(Transaction::header)
                    .filter(t -> t.id().millis() <= wall.millis() + HybridClock.FOLLOWED_MILLIS)
                    .toList());
            TransactionId id = store.append(Append.to(A, ExpectedVersion.current(), NewEvent.of("T", "1"))
                            .and(LOG, ExpectedVersion.any(), NewEvent.of("T", "2"))
                            .reading(B, store.read(B).state()))
                    .transaction();
            TransactionHeader mine = header(store, id);

            List<TransactionId> heads = followed.heads(A);
            List<TransactionId> superseded = mine.supersedes(A);
            assertEquals(Math.min(1, heads.size()), superseded.size());
            assertTrue(heads.containsAll(superseded));
            assertEquals(followed.heads(B), mine.reads().get(B));
            assertTrue(mine.writes().get(LOG) instanceof TransactionHeader.Free);
            List<TransactionId> storeHeads = followed.storeHeads();
            assertEquals(
                    storeHeads.subList(Math.max(0, storeHeads.size() - Limits.PARENTS), storeHeads.size()),
                    List.copyOf(mine.parents().keySet()));
            mine.parents()
                    .forEach((parent, half) ->
                            assertEquals(header(followed, parent).trailer().half(), half));
            NavigableSet<TransactionId> seen =
                    new TreeSet<>(followed.transactions().keySet());
            assertTrue(seen.isEmpty() || seen.last().compareTo(id) < 0, "greater than everything it had seen");
        }
    }

    private static TransactionHeader header(InMemoryEventStore store, TransactionId id) {
        return store.transactions().stream()
                .map(Transaction::header)
                .filter(t -> t.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static TransactionHeader header(History history, TransactionId id) {
        TransactionHeader header = history.transactions().get(id);
        if (header == null) {
            throw new AssertionError("not followed: " + id);
        }
        return header;
    }

    /** Up to 90 transactions, some of the far future, with heads and parents that are here, absent, or no heads. */
    private static List<Transaction> randomHistory(Random random) {
        int many = random.nextInt(90);
        boolean wide = random.nextBoolean();
        List<Transaction> all = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            boolean far = i > many * 2 / 3 && random.nextBoolean();
            TransactionId id = Foreign.id(ManualClock.START.toEpochMilli() + i + (far ? 400_000_000_000L : 0), i);
            Foreign writer = Foreign.withId(id);
            for (int p = wide ? 1 : random.nextInt(4); p > 1 && !all.isEmpty(); p--) {
                parent(writer, id, all.get(random.nextInt(all.size())));
            }
            for (String stream : List.of("a", "b")) {
                int how = random.nextInt(4);
                if (how == 0) {
                    writer.free(stream).event(stream, "T");
                } else if (how < 3) {
                    TransactionId[] heads = all.isEmpty() || random.nextInt(4) == 0
                            ? new TransactionId[0]
                            : new TransactionId[] {before(id, all.get(random.nextInt(all.size())), random)};
                    writer.onto(stream, heads).event(stream, "T");
                }
            }
            writer.free("c").event("c", "T");
            Transaction built = writer.build();
            if (random.nextInt(10) > 0) {
                all.add(built);
            }
        }
        return all;
    }

    private static void parent(Foreign writer, TransactionId id, Transaction candidate) {
        if (candidate.header().id().compareTo(id) < 0) {
            writer.parent(candidate);
        }
    }

    private static TransactionId before(TransactionId id, Transaction candidate, Random random) {
        TransactionId head = candidate.header().id();
        return head.compareTo(id) < 0 ? head : Foreign.id(ManualClock.START.toEpochMilli() - 1, random.nextInt(9));
    }
}
