package dev.evstore.core.append;

import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.Origin;
import dev.evstore.core.format.Draft;
import dev.evstore.core.format.Limits;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.format.TransactionEncoder;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.HybridClock;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Gives an append that may happen its id, its writer, and the heads it stands on. For one append. */
final class Stamp {

    /** So that a redacted line's hash can't be guessed back: 16 bytes are 22 characters of base64url. */
    private static final int SALT_BYTES = 16;

    /** The last instant that {@code at} has room for. */
    private static final Instant LAST_AT = Instant.parse("9999-12-31T23:59:59.999Z");

    private final StoreView store;
    private final HybridClock clock;
    private final Random random;
    private final ReplicaId replica;
    private final long followedUntil;
    private final Frontier frontier;

    Stamp(StoreView store, HybridClock clock, Random random, ReplicaId replica) {
        this.store = store;
        this.clock = clock;
        this.random = random;
        this.replica = replica;
        // Asked once: were a head followed by one answer and not by the next, the id could fall below it.
        this.followedUntil = clock.followedUntil();
        this.frontier = new Frontier(store, followedUntil);
    }

    Transaction transaction(Append append, long sequence) {
        SortedMap<StreamId, TransactionHeader.Write> writes = new TreeMap<>();
        append.expectations().forEach((stream, expected) -> writes.put(stream, write(stream, expected)));
        SortedMap<StreamId, List<TransactionId>> reads = new TreeMap<>();
        append.reads().keySet().forEach(stream -> reads.put(stream, frontier.heads(stream)));
        Origin origin = new Origin(replica, sequence, at());
        List<Draft.Event> events = append.events().stream()
                .map(entry -> new Draft.Event(entry.stream(), entry.event(), salt(entry.event())))
                .toList();
        SortedMap<TransactionId, String> parents = parents();
        TransactionId id = clock.next(store.newest(followedUntil));
        return TransactionEncoder.encode(
                new Draft(id, origin, parents, writes, reads, append.command(), append.meta(), events));
    }

    private TransactionHeader.Write write(StreamId stream, ExpectedVersion expected) {
        return expected instanceof ExpectedVersion.Any
                ? new TransactionHeader.Free()
                : new TransactionHeader.Superseding(frontier.headToSupersede(stream, replica));
    }

    private SortedMap<TransactionId, String> parents() {
        List<TransactionId> heads = frontier.storeHeads();
        SortedMap<TransactionId, String> parents = new TreeMap<>();
        for (TransactionId head : heads.subList(Math.max(0, heads.size() - Limits.PARENTS), heads.size())) {
            parents.put(head, store.trailer(head).half());
        }
        return parents;
    }

    private String at() {
        Instant now = Instant.ofEpochMilli(clock.wallMillis());
        return Origin.format(now.isAfter(LAST_AT) ? LAST_AT : now);
    }

    private @Nullable String salt(NewEvent event) {
        if (!event.redactable()) {
            return null;
        }
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(salt);
    }
}
