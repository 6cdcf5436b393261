package dev.evstore.core;

import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.TransactionId;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What came to the end of a stream. */
final class Since {

    private Since() {}

    /**
     * A digest is a sum over transactions, so that of the beginning is the whole stream's less those of the transactions
     * that follow: only these are looked at. If it is the digest that was seen, the same transactions are there, with as
     * many events as then; all later versions are of other transactions, so the first ones are theirs.
     *
     * <p>A transaction looked up may have gone or changed since the events were read. Then its digest is another, or
     * missing, and the sum does not come out.
     */
    static Optional<StreamSlice> read(EventStore store, StreamId stream, StreamState seen) {
        if (seen.version().value() == Long.MAX_VALUE) {
            return Optional.empty();
        }
        StreamSlice tail =
                store.read(stream, ReadOptions.forwards().from(seen.version().value() + 1));
        Set<TransactionId> followers =
                tail.events().stream().map(event -> event.id().transaction()).collect(Collectors.toSet());
        Digest beginning = tail.state().digest();
        long events = 0;
        for (TransactionId id : followers) {
            Optional<StoredTransaction> follower = store.readTransaction(id);
            if (follower.isEmpty()) {
                return Optional.empty();
            }
            TransactionHeader header = follower.get().header();
            beginning = beginning.minus(header.digest());
            events += header.events().stream()
                    .filter(slot -> slot.stream().equals(stream))
                    .count();
        }
        // Were a follower's first events before the version seen, the tail would lack them.
        boolean whole = events == tail.events().size();
        return whole && beginning.equals(seen.digest()) ? Optional.of(tail) : Optional.empty();
    }
}
