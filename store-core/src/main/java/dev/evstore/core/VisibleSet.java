package dev.evstore.core;

import dev.evstore.core.append.StoreView;
import dev.evstore.core.append.StoredEvents;
import dev.evstore.core.event.Origin;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.History;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.StreamVersion;
import dev.evstore.core.id.TransactionId;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One set of visible transactions with what follows from it. The set never changes; the answers that are asked for
 * again are kept, so only one thread may ask at a time.
 */
final class VisibleSet implements StoreView {

    private final History history;
    private final NavigableMap<TransactionId, TransactionHeader> headers;
    private final NavigableMap<TransactionId, Transaction> counting = new TreeMap<>();
    private final Map<StreamId, List<EventId>> events = new HashMap<>();
    private @Nullable Set<StreamId> incomplete;

    /**
     * @param copies all copies that are here; those of one id are settled by rule I5
     */
    VisibleSet(Collection<Transaction> copies) {
        history = History.of(copies.stream().map(Transaction::header).toList());
        headers = Collections.unmodifiableNavigableMap(new TreeMap<>(history.transactions()));
        for (Transaction copy : copies) {
            TransactionHeader settled = header(copy.header().id());
            if (settled.trailer().equals(copy.header().trailer())) {
                // Whichever copy it is: a line that the settled header takes for unredacted is whole in all of them.
                counting.put(settled.id(), new Transaction(settled, copy.bytes(), copy.lines()));
            }
        }
    }

    History history() {
        return history;
    }

    /** The transactions that count, in canonical order, with headers that have every redaction. */
    NavigableMap<TransactionId, Transaction> transactions() {
        return Collections.unmodifiableNavigableMap(counting);
    }

    /** Their headers, in canonical order. */
    NavigableMap<TransactionId, TransactionHeader> headers() {
        return headers;
    }

    /** Whether it is here, and has an event of that ordinal. */
    boolean has(EventId id) {
        TransactionHeader header = headers.get(id.transaction());
        return header != null && id.ordinal() < header.events().size();
    }

    /** Whether {@code other} has the very same here under this id: trailer and redactions. */
    boolean sameAs(VisibleSet other, TransactionId id) {
        Transaction mine = counting.get(id);
        Transaction theirs = other.counting.get(id);
        return mine != null
                && theirs != null
                && mine.header().trailer().equals(theirs.header().trailer())
                && mine.header().redacted().equals(theirs.header().redacted());
    }

    /** A stream's events in canonical order. */
    List<EventId> events(StreamId stream) {
        return events.computeIfAbsent(stream, history::events);
    }

    StoredEvent event(EventId id) {
        Transaction transaction = transaction(id.transaction());
        TransactionHeader.Slot slot = transaction.header().events().get(id.ordinal());
        StreamVersion version = StreamVersion.of(Collections.binarySearch(events(slot.stream()), id) + 1);
        Origin origin = transaction.header().origin();
        return StoredEvents.of(
                id, version, slot, transaction.header().format(), origin, transaction.line(id.ordinal()));
    }

    @Override
    public StreamState state(StreamId stream) {
        return history.state(stream);
    }

    @Override
    public List<TransactionId> heads(StreamId stream) {
        return history.heads(stream);
    }

    @Override
    public boolean incomplete(StreamId stream) {
        Set<StreamId> known = incomplete;
        if (known == null) {
            known = history.incomplete();
            incomplete = known;
        }
        return known.contains(stream);
    }

    @Override
    public List<TransactionId> storeHeads() {
        return history.storeHeads();
    }

    @Override
    public Sha256 trailer(TransactionId visible) {
        return header(visible).trailer();
    }

    @Override
    public List<TransactionId> superseded(TransactionId visible, StreamId stream) {
        return header(visible).supersedes(stream).stream()
                .filter(id -> {
                    TransactionHeader named = history.transactions().get(id);
                    return named != null && named.claims(stream);
                })
                .toList();
    }

    @Override
    public List<TransactionId> superseders(TransactionId head, StreamId stream) {
        return those(t -> t.supersedes(stream).contains(head));
    }

    @Override
    public List<TransactionId> parents(TransactionId visible) {
        return header(visible).parents().keySet().stream()
                .filter(id -> history.transactions().containsKey(id))
                .toList();
    }

    @Override
    public List<TransactionId> children(TransactionId parent) {
        return those(t -> t.parents().containsKey(parent));
    }

    @Override
    public @Nullable TransactionId newest(long untilMillis) {
        return last(t -> t.id().millis() <= untilMillis);
    }

    @Override
    public @Nullable TransactionId lastWrite(ReplicaId replica, StreamId stream) {
        return last(t ->
                t.claims(stream) && t.origin() != null && t.origin().replica().equals(replica));
    }

    @Override
    public @Nullable TransactionId newerWriter(StreamId stream) {
        return last(t -> t.isNewer() && t.writes().containsKey(stream));
    }

    @Override
    public @Nullable Transaction command(String command) {
        List<TransactionId> with = those(t -> command.equals(t.command()));
        return with.isEmpty() ? null : counting.get(with.get(0));
    }

    private List<TransactionId> those(Predicate<TransactionHeader> which) {
        return history.transactions().values().stream()
                .filter(which)
                .map(TransactionHeader::id)
                .toList();
    }

    private @Nullable TransactionId last(Predicate<TransactionHeader> which) {
        List<TransactionId> all = those(which);
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    TransactionHeader header(TransactionId visible) {
        return Objects.requireNonNull(history.transactions().get(visible), "not visible");
    }

    private Transaction transaction(TransactionId visible) {
        return Objects.requireNonNull(counting.get(visible), "not visible");
    }
}
