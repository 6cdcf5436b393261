package dev.evstore.testkit;

import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.projection.Order;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.engine.EngineLimits;
import dev.evstore.core.projection.engine.ProjectionFailedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/**
 * What a projection makes of events that come, come late, go and come back, without a host: given events, when more
 * happens, then views.
 *
 * <pre>{@code
 * ProjectionScenario.of(balances, codec)
 *         .given("account-1", new Deposited(5))
 *         .whenLate("account-1", new Opened("kim"))
 *         .thenView("account-1", new Balance("kim", 5));
 * }</pre>
 *
 * <p>Every {@code then} looks at several hosts, which have to have the same rows byte for byte: one that followed, one
 * whose process was ended before and after each of its writes, and one that began at the end; of a canonical projection
 * also those of three other replicas, to which all came at once, or one half of the transactions was there and the other
 * was merged, or the other way round. So a handler that keeps something for itself, asks a clock, or depends on what came
 * first, is found.
 *
 * <p>Transactions count from 1 in the order in which they are said. Immutable: a beginning may be shared by many.
 */
public final class ProjectionScenario<E, S> {

    private static final EngineLimits WIDE = EngineLimits.DEFAULT;
    private static final EngineLimits NARROW = new EngineLimits(1, 1, 1);
    private static final long APART = 1_000;

    private final Projection<S> projection;
    private final EventCodec<E> codec;
    private final List<Transaction> said;
    private final List<Act> acts;

    /** Something that happens to a store, in words. */
    private record Act(String words, Happening happening) {}

    private interface Happening {
        void to(InMemoryEventStore store);
    }

    private ProjectionScenario(Projection<S> projection, EventCodec<E> codec, List<Transaction> said, List<Act> acts) {
        this.projection = projection;
        this.codec = codec;
        this.said = List.copyOf(said);
        this.acts = List.copyOf(acts);
    }

    /** Nothing happened yet. */
    public static <E, S> ProjectionScenario<E, S> of(Projection<S> projection, EventCodec<E> codec) {
        return new ProjectionScenario<>(projection, codec, List.of(), List.of());
    }

    /** A transaction with these events of one stream happened, after everything before. */
    @SafeVarargs
    @SuppressWarnings("varargs") // handed on as it is
    public final ProjectionScenario<E, S> given(String stream, E... events) {
        return arriving("", said.size() * APART, stream, List.of(events));
    }

    /** The same as {@link #given}, where a story is told. */
    @SafeVarargs
    @SuppressWarnings("varargs") // handed on as it is
    public final ProjectionScenario<E, S> when(String stream, E... events) {
        return given(stream, events);
    }

    /**
     * A transaction arrives that another replica wrote before the last one was: it has its canonical place before that,
     * and if they are of one stream, that is forked.
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // handed on as it is
    public final ProjectionScenario<E, S> whenLate(String stream, E... events) {
        Transaction last = of(said.size());
        long millis = last.header().id().millis() - ManualClock.START.toEpochMilli() - 1;
        return arriving("late ", millis, stream, List.of(events));
    }

    /** The forked stream is merged, with these events as what becomes of it. */
    @SafeVarargs
    @SuppressWarnings("varargs") // handed on as it is
    public final ProjectionScenario<E, S> whenMerged(String stream, E... resolution) {
        List<Transaction> heads = heads(stream, Long.MAX_VALUE);
        if (heads.size() < 2) {
            throw new IllegalArgumentException("stream " + stream + " is not forked");
        }
        NewEvent[] events = Stream.of(resolution).map(codec::encode).toArray(NewEvent[]::new);
        return arriving("merge ", stream, List.of(resolution), Foreign.merge(stream, heads, events));
    }

    /** A transaction goes: by a checkout, a reset, a rebase. */
    public ProjectionScenario<E, S> whenRetracted(int number) {
        TransactionId id = of(number).header().id();
        return and(new Act(number + " is retracted", store -> store.retract(List.of(id))), said);
    }

    /** A transaction that went comes back. */
    public ProjectionScenario<E, S> whenBack(int number) {
        Transaction transaction = of(number);
        return and(new Act(number + " is back", store -> store.ingest(List.of(transaction))), said);
    }

    /**
     * The payload of an event is taken out.
     *
     * @param ordinal which one of its transaction's, from 0
     */
    public ProjectionScenario<E, S> whenRedacted(int number, int ordinal) {
        Transaction redacted = Foreign.redacted(of(number), ordinal);
        return and(new Act(number + "/" + ordinal + " is redacted", store -> store.ingest(List.of(redacted))), said);
    }

    private Transaction of(int number) {
        if (number < 1 || number > said.size()) {
            throw new IllegalArgumentException("transactions are 1.." + said.size() + ", not " + number);
        }
        return said.get(number - 1);
    }

    private ProjectionScenario<E, S> arriving(String how, long millis, String stream, List<E> events) {
        long epochMillis = ManualClock.START.toEpochMilli() + millis;
        Foreign foreign = Foreign.withId(Foreign.id(epochMillis, said.size()));
        List<Transaction> heads = heads(stream, epochMillis);
        foreign.onto(
                stream,
                heads.stream()
                        .skip(Math.max(0, heads.size() - 1))
                        .map(head -> head.header().id())
                        .toArray(TransactionId[]::new));
        events.forEach(event -> foreign.event(stream, codec.encode(event)));
        return arriving(how, stream, events, foreign.build());
    }

    private ProjectionScenario<E, S> arriving(String how, String stream, List<E> events, Transaction transaction) {
        List<Transaction> more = new ArrayList<>(said);
        more.add(transaction);
        String words = how + more.size() + " in " + stream
                + events.stream().map(event -> "\n    " + event).collect(Collectors.joining());
        return and(new Act(words, store -> store.ingest(List.of(transaction))), more);
    }

    private ProjectionScenario<E, S> and(Act act, List<Transaction> nowSaid) {
        List<Act> more = new ArrayList<>(acts);
        more.add(act);
        return new ProjectionScenario<>(projection, codec, nowSaid, more);
    }

    /** What is here of a stream and was not superseded by what is older than that. */
    private List<Transaction> heads(String stream, long beforeMillis) {
        StreamId id = StreamId.of(stream);
        try (InMemoryEventStore store = store(0)) {
            acts.forEach(act -> act.happening().to(store));
            List<Transaction> older = store.transactions().stream()
                    .filter(one -> one.header().id().millis() < beforeMillis
                            && one.header().claims(id))
                    .toList();
            return older.stream()
                    .filter(one -> older.stream()
                            .noneMatch(other -> other.header()
                                    .supersedes(id)
                                    .contains(one.header().id())))
                    .toList();
        }
    }

    /** The row's state. */
    public void thenView(String key, S expected) {
        Map<String, NavigableMap<String, String>> views = views();
        views.forEach((host, rows) -> {
            S actual = state(rows.get(key));
            if (!expected.equals(actual)) {
                throw failure("the view of " + quoted(key) + "\n  " + expected, host, actual, expected, actual);
            }
        });
        requireAlike(views);
    }

    /** There is no such row. */
    public void thenNoView(String key) {
        Map<String, NavigableMap<String, String>> views = views();
        views.forEach((host, rows) -> {
            S actual = state(rows.get(key));
            if (actual != null) {
                throw failure("no view of " + quoted(key), host, actual, null, actual);
            }
        });
        requireAlike(views);
    }

    private void requireAlike(Map<String, NavigableMap<String, String>> views) {
        NavigableMap<String, String> first = views.values().iterator().next();
        views.forEach((host, rows) -> {
            if (!rows.equals(first)) {
                throw failure("the same rows in every host\n  " + first, host, rows, first, rows);
            }
        });
    }

    private @Nullable S state(@Nullable String json) {
        return json == null ? null : codec.payloads().read(json, projection.stateType());
    }

    private static String quoted(String key) {
        return key.isEmpty() ? "the single row" : key;
    }

    private AssertionFailedError failure(
            String expected, String host, @Nullable Object but, @Nullable Object wanted, @Nullable Object got) {
        String given = acts.isEmpty()
                ? " nothing"
                : acts.stream().map(act -> "\n  " + act.words()).collect(Collectors.joining());
        return new AssertionFailedError(
                "given" + given + "\nthen " + expected + "\nbut " + host + " has\n  " + (but == null ? "none" : but),
                wanted,
                got);
    }

    private static InMemoryEventStore store(int seed) {
        return new InMemoryEventStore(new ManualClock(), new Random(seed));
    }

    /** By host, the rows' text. */
    private Map<String, NavigableMap<String, String>> views() {
        Map<String, NavigableMap<String, String>> views = new LinkedHashMap<>();
        try (InMemoryEventStore here = store(0)) {
            ProjectionRun<S> following = run(here, WIDE);
            ProjectionRun<S> crashing = run(here, NARROW);
            for (Act act : acts) {
                act.happening().to(here);
                following.catchUp();
                crashing.catchUpEndingAtEachWrite();
            }
            views.put("the host that followed", views(following));
            views.put("the host that was ended at each write", views(crashing));
            views.put("the host that began at the end", views(run(here, WIDE)));
            if (projection.order() == Order.CANONICAL) {
                List<Transaction> all = List.copyOf(here.transactions());
                List<Transaction> odd = everyOther(all, 0);
                List<Transaction> even = everyOther(all, 1);
                views.put("the host of another replica", merged(List.of(all)));
                views.put(
                        "the host of a replica that had transactions 1, 3, … and merged the others",
                        merged(List.of(odd, even)));
                views.put(
                        "the host of a replica that had transactions 2, 4, … and merged the others",
                        merged(List.of(even, odd)));
            }
        } catch (ProjectionFailedException e) {
            throw new AssertionFailedError("the projection failed at " + e.where() + ": " + e.getMessage(), e);
        }
        return views;
    }

    private static List<Transaction> everyOther(List<Transaction> all, int from) {
        return IntStream.iterate(from, n -> n < all.size(), n -> n + 2)
                .mapToObj(all::get)
                .toList();
    }

    /** Of a replica to which they come so, followed all the time. */
    private NavigableMap<String, String> merged(List<List<Transaction>> arriving) {
        try (InMemoryEventStore store = store(1)) {
            ProjectionRun<S> run = run(store, WIDE);
            for (List<Transaction> some : arriving) {
                run.catchUp();
                store.ingest(some);
            }
            return views(run);
        }
    }

    private ProjectionRun<S> run(InMemoryEventStore store, EngineLimits limits) {
        return new ProjectionRun<>(projection, store, codec, limits);
    }

    private static NavigableMap<String, String> views(ProjectionRun<?> run) {
        run.catchUp();
        return run.rows().committed().views();
    }
}
