package dev.evstore.core.projection.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.Resolvers;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.MemoryRows;
import dev.evstore.testkit.ProjectionRun;
import dev.evstore.testkit.Replicas;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Two replicas to which everything happens that files can meet, each with a projection of every sort: whatever is frozen
 * is the fold of what was visible then (rule O1), and what is written is what was frozen.
 */
final class Walk implements AutoCloseable {

    private static final List<StreamId> STREAMS = List.of(StreamId.of("a"), StreamId.of("b"));
    private static final Did.Does[] DOES = {
        Did.Does.ADD,
        Did.Does.ADD,
        Did.Does.ADD,
        Did.Does.PICK,
        Did.Does.ADD,
        Did.Does.DELETE,
        Did.Does.THROW,
        Did.Does.PICK,
        Did.Does.ADD,
        Did.Does.LOSE,
        Did.Does.GARBLE,
        Did.Does.ADD
    };
    private static final String[] KEYS = {"x", "y", "x,y", "", "z", "x,z,y"};

    private final Replicas replicas = Replicas.inMemory(2);
    private final List<RestlessStore> stores = new ArrayList<>();
    private final List<Watched> all = new ArrayList<>();
    private final Map<TransactionId, List<Transaction>> ever = new TreeMap<>();
    private final Deque<Move> ambushes;
    private int numbers;

    /** A projection under test, and what is to be seen of it once it is written. */
    private static final class Watched {
        final Sort sort;
        final RestlessStore store;
        final ProjectionRun<String> run;
        final Deque<Sort.Outcome> frozen = new ArrayDeque<>();

        Watched(Sort sort, RestlessStore store, EngineLimits limits) {
            this.sort = sort;
            this.store = store;
            this.run = new ProjectionRun<>(sort.projection(), store.asStore(), Did.CODEC, limits);
        }

        Sort.Outcome is(MemoryRows.Contents contents) {
            return Sort.of(contents, sort != Sort.ARRIVAL);
        }

        boolean step() {
            int before = run.rebuilds();
            boolean more = run.step();
            forget(before);
            return more;
        }

        void freeze() {
            int before = run.rebuilds();
            boolean changed = run.freeze();
            forget(before);
            if (run.rebuilds() > before) {
                return;
            }
            Checkpoint checkpoint = run.rows().seen().checkpoint();
            Sort.Outcome outcome = is(run.rows().seen());
            if (checkpoint != null && !checkpoint.building()) {
                assertEquals(sort.naively(store.settled()), outcome, () -> "O1: " + sort);
                assertEquals(run.engine().checkpoint().cursor(), checkpoint.cursor());
            }
            requireMembers();
            if (changed) {
                frozen.addLast(outcome);
            }
        }

        /** A rebuild begins with no rows. */
        private void forget(int before) {
            if (run.rebuilds() > before) {
                assertEquals(Sort.ARRIVAL, sort, "a canonical projection is never built anew");
                frozen.clear();
            }
        }

        void commit() {
            Sort.Outcome outcome = frozen.pollFirst();
            run.commit();
            if (outcome != null) {
                assertEquals(outcome, is(run.rows().committed()), "what is written is what was frozen");
            }
        }

        void crash() {
            frozen.clear();
            run.crash();
        }

        private void requireMembers() {
            assertTrue(
                    sort.isKeyed() || run.rows().seen().members().isEmpty(),
                    "nobody else has to look rows up by events");
        }

        void finish() {
            do {
                while (step()) {
                    if (run.engine().full()) {
                        freeze();
                    }
                }
                freeze();
            } while (!run.engine().atEnd());
            while (!frozen.isEmpty()) {
                commit();
            }
            assertEquals(
                    store.asStore().digest(),
                    Objects.requireNonNull(run.rows().committed().checkpoint()).digest());
            assertEquals(
                    sort.naively(store.seenBy(Long.MAX_VALUE)), is(run.rows().committed()));
        }
    }

    Walk(EngineLimits limits, List<Move> ambushes) {
        this.ambushes = new ArrayDeque<>(ambushes);
        for (int i = 0; i < replicas.size(); i++) {
            RestlessStore store = new RestlessStore(replicas.replica(i), limits.page());
            stores.add(store);
            for (Sort sort : Sort.values()) {
                all.add(new Watched(sort, store, limits));
            }
        }
    }

    void play(List<Move> moves) {
        for (Move move : moves) {
            if (move.isOfStore()) {
                ofStore(move);
                continue;
            }
            Watched watched = all.get((move.replica() * 41 + move.which()) % all.size());
            ambush(watched.store, move.count());
            switch (move.kind()) {
                case STEP -> watched.step();
                case FREEZE -> watched.freeze();
                case COMMIT -> watched.commit();
                default -> watched.crash();
            }
            watched.store.beforeRead = () -> {};
        }
    }

    /** Every so-manieth read of this store finds it another one. */
    private void ambush(RestlessStore store, int every) {
        int[] reads = {0};
        store.beforeRead = () -> {
            if (reads[0]++ % (1 + every % 4) == 0 && !ambushes.isEmpty()) {
                ofStore(ambushes.removeFirst());
            }
        };
    }

    private void ofStore(Move move) {
        InMemoryEventStore store = replicas.replica(move.replica());
        int other = 1 - move.replica();
        switch (move.kind()) {
            case APPEND -> store.append(append(move, STREAMS.get(move.which() % 2)));
            case APPEND_BOTH ->
                store.append(append(move, STREAMS.get(move.which() % 2))
                        .and(STREAMS.get(1 - move.which() % 2), ExpectedVersion.any(), event(move)));
            case PULL -> replicas.pull(move.replica(), other);
            case PICK ->
                replicas.pullSome(
                        move.replica(),
                        other,
                        one -> Math.floorMod(one.header().id().hashCode(), 2 + move.count()) == 0);
            case RETRACT -> retract(store, pick(store.transactions(), move.which()));
            case RETRACT_MANY ->
                retract(
                        store,
                        store.transactions().stream()
                                .filter(one -> Math.floorMod(one.header().id().hashCode(), 1 + move.count() % 3) == 0)
                                .toList());
            case RETURN -> pick(ever.values(), move.which()).forEach(store::ingest);
            case REDACT -> pick(store.transactions(), move.which()).forEach(one -> redact(store, one, move.count()));
            default -> replicas.reconcile(move.replica(), Resolvers.acceptOrder());
        }
        remember(store);
    }

    private static void retract(InMemoryEventStore store, List<Transaction> which) {
        store.retract(which.stream().map(one -> one.header().id()).toList());
    }

    private static void redact(InMemoryEventStore store, Transaction one, int which) {
        TransactionHeader header = one.header();
        int events = header.events().size();
        if (events > 0 && !header.events().get(which % events).redacted()) {
            store.ingest(List.of(Foreign.redacted(one, which % events)));
        }
    }

    private void remember(InMemoryEventStore store) {
        for (Transaction copy : store.transactions()) {
            List<Transaction> copies = ever.computeIfAbsent(copy.header().id(), id -> new ArrayList<>());
            if (!copies.contains(copy)) {
                copies.add(copy);
            }
        }
    }

    private static <T> List<T> pick(Collection<T> all, int which) {
        return all.stream()
                .skip(all.isEmpty() ? 0 : which % all.size())
                .limit(1)
                .toList();
    }

    private Append append(Move move, StreamId stream) {
        Append append = Append.to(stream, expected(move), event(move));
        for (int k = 0; k < move.count() % 4; k++) {
            append = append.and(stream, expected(move), event(move));
        }
        return append;
    }

    private static ExpectedVersion expected(Move move) {
        return move.count() % 5 == 0 ? ExpectedVersion.any() : ExpectedVersion.current();
    }

    private NewEvent event(Move move) {
        int n = numbers++;
        return n % 9 == 8
                ? Did.CODEC.encode("other")
                : new Did(KEYS[(n + move.which()) % KEYS.length], DOES[(n + move.count()) % DOES.length], n).event();
    }

    /** Everybody gets everything that ever was, and catches up. */
    void finish() {
        for (int i = 0; i < replicas.size(); i++) {
            InMemoryEventStore store = replicas.replica(i);
            ever.values().forEach(store::ingest);
        }
        all.forEach(Watched::finish);
        for (int i = 0; i < Sort.values().length; i++) {
            Watched one = all.get(i);
            Watched other = all.get(i + Sort.values().length);
            assertEquals(
                    one.is(one.run.rows().committed()),
                    other.is(other.run.rows().committed()),
                    "on every replica");
        }
    }

    /** How often it was met, in words. */
    List<String> met() {
        List<String> met = new ArrayList<>();
        if (all.stream().anyMatch(one -> one.run.rows().parts() > 0)) {
            met.add("parts");
        }
        if (all.stream().anyMatch(one -> one.run.rebuilds() > 0)) {
            met.add("rebuilds");
        }
        if (all.stream().anyMatch(one -> !one.run.rows().committed().failures().isEmpty())) {
            met.add("failures");
        }
        return met;
    }

    @Override
    public void close() {
        replicas.close();
    }
}
