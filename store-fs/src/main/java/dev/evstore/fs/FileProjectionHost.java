package dev.evstore.fs;

import dev.evstore.core.CanonicalReads.Whereabouts;
import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.append.Pages;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.projection.Applied;
import dev.evstore.core.projection.FailedEvent;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import dev.evstore.core.projection.SqlProjection;
import dev.evstore.core.projection.SqlRow;
import dev.evstore.core.projection.SqlView;
import dev.evstore.core.projection.View;
import dev.evstore.core.projection.engine.StateCodec;
import dev.evstore.fs.projection.Crew;
import dev.evstore.fs.projection.Crews;
import dev.evstore.fs.projection.Desk;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A {@link ProjectionHost} in the store's local directory. */
final class FileProjectionHost implements ProjectionHost {

    private static final int PAGE = 1_000;

    private final FileEventStore store;
    private final EventCodec<?> codec;
    private final ProjectionOptions options;
    private final Crews crews;
    private final AtomicBoolean closed = new AtomicBoolean();

    private FileProjectionHost(FileEventStore store, EventCodec<?> codec, ProjectionOptions options, Crews crews) {
        this.store = store;
        this.codec = codec;
        this.options = options;
        this.crews = crews;
    }

    static ProjectionHost open(
            FileEventStore store, EventCodec<?> codec, ProjectionOptions options, List<Projection<?>> projections) {
        store.requireWritable("projections keep their state beside the index");
        Set<String> names = new HashSet<>();
        for (Projection<?> projection : projections) {
            projection.filter(codec); // knows all it handles
            if (!names.add(projection.name())) {
                throw new IllegalArgumentException("two projections are called " + projection.name());
            }
        }
        Crews crews = crews(store, codec, options);
        try {
            crews.start(projections, options.threads());
        } catch (RuntimeException e) {
            crews.close();
            throw e;
        }
        return new FileProjectionHost(store, codec, options, crews);
    }

    static Crews crews(FileEventStore store, EventCodec<?> codec, ProjectionOptions options) {
        Opened opened = store.opened();
        return Crews.open(
                store,
                store::canonicalReadsAhead,
                codec,
                opened.layout(),
                opened.disk(),
                options.limits(),
                opened.git()::underWay,
                store.poll(),
                options.patience());
    }

    @Override
    public Set<String> names() {
        return Set.copyOf(crews.crews().keySet());
    }

    private Crew<?> crew(String name) {
        Crew<?> crew = crews.crews().get(name);
        if (crew == null) {
            throw new IllegalArgumentException("there is no projection " + name + " here; there are " + names());
        }
        return crew;
    }

    private Desk desk(Projection<?> projection) {
        Crew<?> crew = crew(projection.name());
        if (crew.projection() != projection) {
            throw new IllegalArgumentException("the host was opened with another " + projection);
        }
        return crew.desk();
    }

    @Override
    public <S> Optional<View<S>> view(Projection<S> projection, String key) {
        Desk.Found row = desk(projection).row(key);
        return row == null ? Optional.empty() : typed(projection, row);
    }

    /** A state that another version of the projection wrote is given only where it says the same in this one's shape. */
    private <S> Optional<View<S>> typed(Projection<S> projection, Desk.Found row) {
        StateCodec<S> states = new StateCodec<>(codec.payloads(), projection.stateType());
        if (!row.own() && !states.roundTrips(row.state())) {
            return Optional.empty();
        }
        S state = Objects.requireNonNull(states.decode(null, row.state()), "a row that is to be seen has a state");
        return Optional.of(new View<>(row.key(), state, row.position(), row.digest(), row.stale(), row.differs()));
    }

    @Override
    public <S> Iterable<View<S>> list(Projection<S> projection, String prefix) {
        Desk desk = desk(projection);
        return new Pages<>("", Long.MAX_VALUE, (after, limit) -> {
            List<Desk.Found> rows = desk.rows(prefix, after == null ? "" : after, limit);
            List<View<S>> views = rows.stream()
                    .flatMap(row -> typed(projection, row).stream())
                    .toList();
            return new Pages.Page<>(
                    views,
                    rows.size() < limit ? null : rows.get(rows.size() - 1).key());
        });
    }

    @Override
    public <T> Optional<SqlView<T>> query(
            SqlProjection projection, String sql, Function<SqlRow, T> row, @Nullable Object... parameters) {
        return Optional.ofNullable(desk(projection).query(projection.tables(), sql, parameters))
                .map(view -> new SqlView<>(
                        view.rows().stream().map(row).toList(),
                        view.position(),
                        view.digest(),
                        view.stale(),
                        view.differs()));
    }

    @Override
    public Optional<StoredView> stored(String projection, String key) {
        return Optional.ofNullable(crew(projection).desk().row(key)).map(FileProjectionHost::stored);
    }

    @Override
    public List<StoredView> stored(String projection, String prefix, String after, int limit) {
        if (limit < 1 || limit > PAGE) {
            throw new IllegalArgumentException("a page has 1 to " + PAGE + " rows, not " + limit);
        }
        return crew(projection).desk().rows(prefix, after, limit).stream()
                .map(FileProjectionHost::stored)
                .toList();
    }

    static StoredView stored(Desk.Found row) {
        return new StoredView(
                row.key(),
                new String(row.state(), StandardCharsets.UTF_8),
                row.position(),
                row.digest(),
                row.stale(),
                row.differs());
    }

    @Override
    public ProjectionStatus status(String projection) {
        return crew(projection).status();
    }

    @Override
    public List<ProjectionStatus> statuses() {
        return crews.crews().values().stream().map(Crew::status).toList();
    }

    @Override
    public List<FailedEvent> failures(String projection) {
        return crew(projection).desk().failures(PAGE);
    }

    @Override
    public boolean awaitReady(Duration atMost) throws InterruptedException {
        AtomicBoolean ready = new AtomicBoolean();
        boolean known = crews.await(
                () -> {
                    List<ProjectionStatus> all = statuses();
                    ready.set(all.stream().allMatch(status -> status.readiness() instanceof Readiness.Ready));
                    return ready.get()
                            || all.stream().anyMatch(status -> status.readiness() instanceof Readiness.Failed);
                },
                atMost);
        return known && ready.get();
    }

    @Override
    public Applied awaitApplied(TransactionId transaction, Duration atMost) throws InterruptedException {
        if (!(store.canonicalReads().whereabouts(transaction) instanceof Whereabouts.Visible)) {
            store.refresh();
        }
        crews.ring();
        AtomicReference<@Nullable Applied> outcome = new AtomicReference<>();
        crews.await(
                () -> {
                    outcome.set(applied(transaction));
                    return outcome.get() != null;
                },
                atMost);
        Applied known = outcome.get();
        return known == null ? Applied.TIMED_OUT : known;
    }

    /** Null as long as that can't be told. */
    private @Nullable Applied applied(TransactionId transaction) {
        Whereabouts whereabouts = store.canonicalReads().whereabouts(transaction);
        if (!(whereabouts instanceof Whereabouts.Visible visible)) {
            return whereabouts instanceof Whereabouts.Retracted ? Applied.RETRACTED : Applied.UNKNOWN;
        }
        String epoch = store.canonicalReads().now().end().epoch();
        boolean all = true;
        for (Crew<?> crew : crews.crews().values()) {
            FeedCursor position = crew.desk().position();
            if (position != null && position.epoch().equals(epoch) && position.arrivals() >= visible.arrival()) {
                continue;
            }
            all = false;
            ProjectionStatus status = crew.status();
            if (status.paused()) {
                return Applied.PAUSED;
            }
            if (status.readiness() instanceof Readiness.Failed) {
                return Applied.FAILED;
            }
        }
        return all ? Applied.APPLIED : null;
    }

    @Override
    public EventStore.Watch onChange(String projection, Consumer<Set<String>> listener) {
        return crew(projection).onChange(listener);
    }

    @Override
    public void catchUp() {
        if (!options.threads()) {
            uninterrupted(() -> {
                for (Crew<?> crew : crews.crews().values()) {
                    catchUp(crew);
                }
            });
        } else {
            store.refresh();
            FeedCursor end = store.feedEnd();
            crews.ring();
            uninterrupted(() ->
                    crews.await(() -> crews.crews().values().stream().allMatch(crew -> isAt(crew, end)), FOREVER));
        }
        for (ProjectionStatus status : statuses()) {
            if (status.readiness() instanceof Readiness.Failed failed) {
                throw new StoreUnusableException(
                        "A projection failed.",
                        status.name() + ": " + failed.reason(),
                        "mend it, then retry, skip or rebuild it",
                        null);
            }
        }
    }

    /** On the caller's thread, or, where another host works on it, by that. */
    private void catchUp(Crew<?> crew) throws InterruptedException {
        store.refresh();
        FeedCursor end = store.feedEnd();
        long start = System.nanoTime();
        while (!crew.catchUp() && !crews.await(() -> isAt(crew, end), store.poll())) {
            if (System.nanoTime() - start > options.patience().toNanos()) {
                throw new StoreUnusableException(
                        "Another host works on a projection, and does not get there.",
                        crew.projection().name(),
                        "see what that does; it frees the projection when it ends",
                        null);
            }
        }
        if (crew.status().readiness() instanceof Readiness.Waiting waiting
                && !crew.status().paused()
                && !isAt(crew, end)) {
            throw new StoreUnusableException(
                    "A projection can't go on now.",
                    crew.projection().name() + ": " + waiting.reason(),
                    "try again when that is over",
                    null);
        }
    }

    private interface Waiting {
        void await() throws InterruptedException;
    }

    private static void uninterrupted(Waiting waiting) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    waiting.await();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** So long the end of what is under way is waited for: a handler may take longer. */
    private static final Duration PAUSES_WITHIN = Duration.ofSeconds(5);

    private static final Duration FOREVER = Duration.ofDays(36_500);

    private boolean isAt(Crew<?> crew, FeedCursor end) {
        FeedCursor position = crew.desk().position();
        return (position != null && isAt(position, end))
                || crew.status().paused()
                || crew.status().readiness() instanceof Readiness.Failed;
    }

    private boolean isAt(FeedCursor position, FeedCursor end) {
        return position.epoch().equals(end.epoch())
                ? position.arrivals() >= end.arrivals() && position.retractions() >= end.retractions()
                : position.epoch().equals(store.feedEnd().epoch()); // a newer one than the end is of
    }

    private void ask(String projection, Consumer<Desk> what) {
        Crew<?> crew = crew(projection);
        what.accept(crew.desk());
        crews.ring();
    }

    @Override
    public void rebuild(String projection) {
        ask(projection, Desk::rebuild);
    }

    @Override
    public void pause(String projection) {
        ask(projection, Desk::pause);
        Crew<?> crew = crew(projection);
        uninterrupted(() -> crews.await(() -> crew.rests(), PAUSES_WITHIN));
    }

    @Override
    public void resume(String projection) {
        ask(projection, Desk::resume);
    }

    @Override
    public void retry(String projection) {
        ask(projection, Desk::retry);
    }

    @Override
    public void skip(String projection, EventId event) {
        ask(projection, desk -> desk.skip(event));
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        crews.close();
        for (Map.Entry<String, Crew<?>> crew : crews.crews().entrySet()) {
            Throwable trouble = crew.getValue().trouble();
            if (trouble != null) {
                throw new StoreUnusableException(
                        "A projection's last work could not be written.",
                        crew.getKey() + " (" + trouble.getMessage() + ")",
                        "open it again: it goes on from what was written before",
                        trouble);
            }
        }
    }
}
