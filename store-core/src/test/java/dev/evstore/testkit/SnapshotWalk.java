package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.Append;
import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.StreamSlice;
import dev.evstore.core.decide.DeciderRunner;
import dev.evstore.core.decide.Snapshots;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.format.TransactionEncoder;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.Tally.Count;
import dev.evstore.testkit.Tally.Counted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * A store to which everything happens that a stream can meet, and after each of it: loading with snapshots is loading
 * without, and what was seen of a stream at any time is gone on with exactly when it is still how the stream begins
 * (T44).
 */
public final class SnapshotWalk {

    private static final List<StreamId> STREAMS = List.of(StreamId.of("a"), StreamId.of("b"));
    private static final int MOST_MOVES = 25;

    /** What can happen. */
    public enum Kind {
        /** To the end of one stream. */
        APPEND,
        /** To the end of both, event by event in turn. */
        APPEND_BOTH,
        /** Freely. */
        NOTE,
        /** From elsewhere, anywhere in the canonical order. */
        ARRIVE,
        /** From elsewhere, to both streams. */
        ARRIVE_BOTH,
        /** What went comes back. */
        RETURN,
        RETRACT,
        REDACT,
        /** A merge of all heads, possibly without events. */
        MERGE
    }

    /**
     * @param which stream, transaction or place
     * @param count of events
     */
    public record Move(Kind kind, int which, int count) {}

    /** What was seen of a stream: its events, and the transactions that named it. */
    private record Seen(List<EventId> events, Map<TransactionId, TransactionHeader> writers) {}

    private final Subject subject;
    private final EventStore store;
    private final DeciderRunner<Count, Counted, List<String>> plain;
    private final DeciderRunner<Count, Counted, List<String>> quick;
    private final Map<StreamId, Map<StreamState, Seen>> seen = new HashMap<>();
    private final Map<TransactionId, Transaction> foreign = new TreeMap<>();
    private final List<TransactionId> all = new ArrayList<>();
    private long numbers;
    private int goneOn;

    private SnapshotWalk(Subject subject) {
        this.subject = subject;
        this.store = subject.store();
        this.plain = DeciderRunner.of(store, Tally.CODEC, new Tally());
        this.quick = plain.snapshots(Snapshots.inMemory(2), 1);
    }

    /** Walks of any kind. */
    public static Arbitrary<List<Move>> moves() {
        return Combinators.combine(
                        Arbitraries.of(Kind.values()),
                        Arbitraries.integers().between(0, 40),
                        Arbitraries.integers().between(0, 2))
                .as(Move::new)
                .list()
                .ofMaxSize(MOST_MOVES);
    }

    /**
     * Walks.
     *
     * @return how often something seen before was gone on with, though more had come
     */
    public static int walk(Subject fresh, List<Move> moves) {
        SnapshotWalk walk = new SnapshotWalk(fresh);
        for (Move move : moves) {
            walk.take(move);
            STREAMS.forEach(walk::look);
        }
        return walk.goneOn;
    }

    private void look(StreamId stream) {
        assertEquals(plain.load(stream), quick.load(stream));
        StreamSlice now = store.read(stream);
        Seen sight = sight(stream, now);
        Map<StreamState, Seen> before = seen.computeIfAbsent(stream, s -> new LinkedHashMap<>());
        before.forEach((state, then) -> {
            Optional<StreamSlice> since = store.readSince(stream, state);
            assertEquals(continues(then, sight), since.isPresent());
            if (since.isPresent()) {
                assertEquals(now.state(), since.get().state());
                assertEquals(
                        now.events().subList(then.events().size(), now.events().size()),
                        since.get().events());
                goneOn += since.get().events().isEmpty() ? 0 : 1;
            }
        });
        before.put(now.state(), sight);
    }

    private Seen sight(StreamId stream, StreamSlice now) {
        Map<TransactionId, TransactionHeader> writers = new HashMap<>();
        StreamSupport.stream(store.readLog(null).spliterator(), false)
                .filter(header -> header.writes().containsKey(stream))
                .forEach(header -> writers.put(header.id(), header));
        return new Seen(now.events().stream().map(StoredEvent::id).toList(), writers);
    }

    /** By definition: same transactions and redactions, same first events, and nothing since that left no event. */
    private static boolean continues(Seen then, Seen now) {
        boolean same = then.writers().entrySet().stream().allMatch(writer -> {
            TransactionHeader today = now.writers().get(writer.getKey());
            return today != null && today.digest().equals(writer.getValue().digest());
        });
        int length = then.events().size();
        Set<TransactionId> later = new HashSet<>(now.writers().keySet());
        later.removeAll(then.writers().keySet());
        now.events().forEach(event -> later.remove(event.transaction()));
        return same
                && later.isEmpty()
                && now.events().size() >= length
                && now.events().subList(0, length).equals(then.events());
    }

    private void take(Move move) {
        StreamId stream = STREAMS.get(move.which() % 2);
        StreamId other = STREAMS.get(1 - move.which() % 2);
        switch (move.kind()) {
            case APPEND -> append(append(stream, ExpectedVersion.current(), move));
            case APPEND_BOTH ->
                append(append(stream, ExpectedVersion.current(), move)
                        .and(other, ExpectedVersion.any(), Tally.event(numbers++))
                        .and(stream, ExpectedVersion.current(), Tally.event(numbers++)));
            case NOTE -> append(append(stream, ExpectedVersion.any(), move));
            case ARRIVE -> arrive(foreign(move).onto(stream.value()), stream, move.count());
            case ARRIVE_BOTH ->
                arrive(
                        foreign(move)
                                .onto(stream.value())
                                .free(other.value())
                                .event(other.value(), Tally.event(numbers++)),
                        stream,
                        move.count());
            case RETURN -> pick(foreign.keySet(), move).ifPresent(id -> bring(of(id)));
            case RETRACT -> pick(all, move).ifPresent(id -> subject.retract(List.of(id)));
            case REDACT ->
                pick(foreign.keySet(), move).ifPresent(id -> {
                    Transaction whole = of(id);
                    if (!id.isMerge() && store.readTransaction(id).isPresent()) {
                        bring(Foreign.redacted(
                                whole, move.count() % whole.lines().size()));
                    }
                });
            case MERGE -> merge(stream, move.count());
        }
    }

    private Append append(StreamId stream, ExpectedVersion expected, Move move) {
        Append append = Append.to(stream, expected, Tally.event(numbers++));
        for (int k = 0; k < move.count(); k++) {
            append = append.and(stream, expected, Tally.event(numbers++));
        }
        return append;
    }

    private void append(Append append) {
        all.add(store.append(append).transaction());
    }

    /** Before the store's own, among them (their clock stands still and counts up), or after. */
    private Foreign foreign(Move move) {
        return Foreign.at(move.which() - 20, foreign.size());
    }

    private void arrive(Foreign arriving, StreamId stream, int more) {
        for (int k = 0; k <= more; k++) {
            arriving.event(stream.value(), Tally.event(numbers++));
        }
        bring(arriving.build());
    }

    private void bring(Transaction transaction) {
        TransactionId id = transaction.header().id();
        foreign.putIfAbsent(id, transaction);
        if (!all.contains(id)) {
            all.add(id);
        }
        subject.arrive(List.of(transaction));
    }

    private void merge(StreamId stream, int events) {
        List<TransactionId> heads = store.streams(stream.value()).stream()
                .flatMap(info -> info.heads().stream())
                .toList();
        if (heads.size() < 2) {
            return;
        }
        TreeMap<StreamId, List<TransactionId>> superseded = new TreeMap<>();
        superseded.put(stream, heads);
        TreeMap<TransactionId, String> trailers = new TreeMap<>();
        for (TransactionId head : heads) {
            Sha256 trailer = store.readTransaction(head).orElseThrow().header().trailer();
            trailers.put(head, trailer.half());
        }
        List<dev.evstore.core.format.Draft.Event> resolution = new ArrayList<>();
        for (int k = 0; k < events; k++) {
            resolution.add(new dev.evstore.core.format.Draft.Event(stream, Tally.event(numbers++), null));
        }
        bring(TransactionEncoder.encodeMerge(superseded, trailers, resolution));
    }

    private Transaction of(TransactionId id) {
        return Objects.requireNonNull(foreign.get(id));
    }

    private static Optional<TransactionId> pick(java.util.Collection<TransactionId> ids, Move move) {
        return ids.stream().skip(ids.isEmpty() ? 0 : move.which() % ids.size()).findFirst();
    }
}
