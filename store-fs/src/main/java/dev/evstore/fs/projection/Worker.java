package dev.evstore.fs.projection;

import dev.evstore.core.CanonicalReads;
import dev.evstore.core.StaleCursorException;
import dev.evstore.core.StoreException;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.projection.Order;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.Readiness;
import dev.evstore.core.projection.engine.Batch;
import dev.evstore.core.projection.engine.Checkpoint;
import dev.evstore.core.projection.engine.Engine;
import dev.evstore.core.projection.engine.Failure;
import dev.evstore.core.projection.engine.ProjectionFailedException;
import dev.evstore.core.projection.engine.RebuildNeededException;
import dev.evstore.core.projection.engine.RowWrite;
import dev.evstore.fs.disk.StoreLock;
import dev.evstore.fs.index.IndexException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Works on one projection, a slice at a time, as long as it holds the projection's lock. Whatever goes wrong, what is
 * committed stays, and the next slice goes on from there or waits for a person. Used by one thread, but for what it tells.
 */
final class Worker<S> {

    private static final System.Logger LOG = System.getLogger(Worker.class.getName());

    /** How long to wait before reading again what could not be read (rule R3). */
    private static final List<Duration> PATIENCE =
            List.of(Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(2));

    /** While a projection is built, what is done is written so often, if there is no need before (rule R5). */
    private static final long BUILD_WRITES_NANOS = 1_000_000_000L;

    private static final int CHECKED_ROWS = 16;
    private static final long SHORT_ROW = 64;
    private static final int MOST_PARKED = 1_000;

    private final Workshop shop;
    private final Projection<S> projection;
    private final String name;
    private final String fingerprint;
    private final String version;
    private final StateFiles files;
    private final CanonicalReads reads;
    private final MemoFile memos;
    private final Executor writer;
    private final Consumer<Set<String>> changed;
    private final Progress progress = new Progress();
    private @Nullable StoreLock seat;
    private @Nullable WriteCycle cycle;
    private @Nullable Engine<S> engine;
    private @Nullable Checkpoint last;
    private long submitted;
    private long submittedAt;
    private boolean beside;
    private boolean complete;
    private boolean checked;
    private boolean leading;
    private int attempts;
    private List<EventId> again = List.of();
    private volatile State state = new State(Phase.STANDBY, "", false);
    private volatile @Nullable String lastError;
    private volatile @Nullable Throwable unwritten;
    private volatile long writes;
    private final AtomicLong stalledNanos = new AtomicLong();
    private final AtomicLong writtenBefore = new AtomicLong();
    private Done before = Done.NOTHING;
    private Done doing = Done.NOTHING;
    private volatile long events;
    private volatile long refolded;
    private volatile long queued;
    private final AtomicLong workedNanos = new AtomicLong();

    /** What it is doing. */
    private enum Phase {
        STANDBY,
        CATCHING_UP,
        READY,
        WAITING,
        FAILED
    }

    /** What was done: by engines before, or by the one at work for what is written now (rule W6). */
    private record Done(long events, long refolded) {
        static final Done NOTHING = new Done(0, 0);
    }

    private record State(Phase phase, String reason, boolean paused) {}

    /**
     * @param reads those of the store
     * @param writer writes behind the worker's back, one task at a time, in order; or on its thread
     * @param changed hears of the keys of rows that are committed; called by the writer
     */
    Worker(
            Workshop shop,
            Projection<S> projection,
            CanonicalReads reads,
            Executor writer,
            Consumer<Set<String>> changed) {
        this.shop = shop;
        this.projection = projection;
        this.name = projection.name();
        this.fingerprint = Sha256.hash(projection.fingerprint(shop.codec()).getBytes(StandardCharsets.UTF_8))
                .toString();
        this.version = StateFiles.version(fingerprint);
        this.files = StateFiles.of(shop.layout(), shop.disk(), name);
        this.reads = reads;
        this.memos = new MemoFile(files.memos());
        this.writer = writer;
        this.changed = changed;
    }

    String version() {
        return version;
    }

    /** Makes what has to be there before anything is asked of the projection. */
    void prepare() {
        try {
            files.make(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Does some work.
     *
     * @return how long there is nothing more to do, unless something changes
     */
    Duration slice() {
        try {
            if (!sit()) {
                become(Phase.STANDBY, "");
                return shop.poll();
            }
            requests();
            boolean paused = shop.control().paused(name);
            if (paused) {
                flush();
            }
            if (paused != state.paused()) {
                progress.awake();
                state = new State(state.phase(), state.reason(), paused);
                tell();
            }
            if (paused || state.phase() == Phase.FAILED) {
                return shop.poll();
            }
            return work();
        } catch (StaleCursorException e) {
            return recover(() -> carryOver());
        } catch (RebuildNeededException e) {
            return recover(() -> rebuild(String.valueOf(e.getMessage())));
        } catch (DamagedStateException e) {
            return recover(() -> setAside(e));
        } catch (ProjectionFailedException e) {
            return fail(e.getMessage() + ": " + e.where(), e);
        } catch (WriteCycle.WriteException e) {
            return unwritten(e);
        } catch (IndexException e) {
            return e.isCorrupt()
                    ? recover(() -> setAside(new DamagedStateException(String.valueOf(e.getMessage()), e)))
                    : bear(e);
        } catch (StoreException | IOException | UncheckedIOException e) {
            return bear(e);
        } catch (RuntimeException | Error e) {
            return fail("it threw " + e.getClass().getName(), e);
        }
    }

    private Duration work() throws IOException {
        long start = System.nanoTime();
        try {
            return step();
        } finally {
            workedNanos.addAndGet(System.nanoTime() - start);
        }
    }

    private Duration step() throws IOException {
        Engine<S> folding = start();
        if (state.phase() == Phase.STANDBY) {
            become(Phase.CATCHING_UP, "");
        }
        boolean more = folding.step();
        if (state.phase() == Phase.CATCHING_UP && progress.stuckFor(shop.patience())) {
            throw new ProjectionFailedException(noProgress(), "projection " + name, null);
        }
        moved(folding);
        if (folding.full()) {
            requireCycle().awaitRoom();
            submit();
        } else if (!requireCycle().isWriting() && due(folding)) {
            submit();
        }
        if (more) {
            if (state.phase() == Phase.WAITING) {
                become(Phase.CATCHING_UP, "");
            }
            return Duration.ZERO;
        }
        flush();
        ready();
        return shop.poll();
    }

    private boolean due(Engine<S> folding) {
        return complete || folding.atEnd() || System.nanoTime() - submittedAt > BUILD_WRITES_NANOS;
    }

    private void moved(Engine<S> folding) {
        Checkpoint now = folding.checkpoint();
        queued = folding.waiting();
        progress.moved(now.passed(), now.total());
    }

    // --- the seat

    private boolean sit() throws IOException {
        if (seat == null) {
            StoreLock lock = StoreLock.open(files.lock(version));
            boolean taken = false;
            try {
                taken = lock.tryAcquire();
            } finally {
                if (!taken) {
                    lock.close();
                }
            }
            if (!taken) {
                return false;
            }
            for (String said : shop.control().versionsSaid(name)) {
                if (said.equals(version) || !files.isWorkedOn(said)) {
                    shop.control().unsay(name, said);
                }
            }
            leading = false;
            progress.awake();
            seat = lock;
        }
        return true;
    }

    /** Writes what is done, and lets others take over. Nothing is done after it but by another {@link #slice}. */
    void leave() {
        try {
            if (engine != null) {
                flush();
            }
        } catch (WriteCycle.WriteException e) {
            if (!(e.getCause() instanceof StateLostException)) {
                fail(String.valueOf(e.getMessage()), e);
            }
        } catch (RuntimeException | Error e) {
            try {
                giveUp();
            } catch (RuntimeException more) {
                e.addSuppressed(more);
            }
            throw e;
        }
        giveUp();
    }

    private void giveUp() {
        discard();
        memos.close();
        stand();
        if (state.phase() == Phase.READY || state.phase() == Phase.CATCHING_UP) {
            become(Phase.STANDBY, "");
        }
    }

    /** Frees the seat, if it has it. */
    private void stand() {
        StoreLock left = seat;
        seat = null;
        if (left != null) {
            try (left) {
                left.release();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    // --- starting, from what is committed

    private Engine<S> start() throws IOException {
        Engine<S> running = engine;
        if (running != null) {
            return running;
        }
        Path building = files.building(version);
        Path file = building == null ? files.current(version) : building;
        if (file == null) {
            file = create(List.of());
            building = file;
        }
        WriteCycle opened = new WriteCycle(file, memos, writer);
        cycle = opened;
        beside = building != null;
        Meta meta = opened.takeOver();
        if (!meta.fingerprint().equals(fingerprint)) {
            throw new DamagedStateException(file + " was written by another version of the projection", null);
        }
        complete = meta.complete();
        last = meta.checkpoint();
        submitted = 0;
        before = new Done(events, refolded);
        running = new Engine<>(
                projection.in(key -> work -> opened.run(key, work)),
                shop.store(),
                reads,
                shop.codec(),
                opened,
                meta.checkpoint(),
                opened.excluded(),
                shop.limits());
        engine = running;
        progress.start(meta.checkpoint().passed());
        List<EventId> parked = again;
        again = List.of();
        if (!parked.isEmpty()) {
            running.again(parked, List.of());
        }
        return running;
    }

    private Path create(List<EventId> excluded) throws IOException {
        files.make(name);
        Path file = files.fresh(version);
        shop.store().refresh();
        StateDatabase.create(file, fingerprint, Engine.beginning(projection, shop.store()), projection.tables());
        if (!excluded.isEmpty()) {
            try (StateDatabase database = StateDatabase.open(file)) {
                database.exclude(excluded);
            }
        }
        files.startBuilding(version, file);
        return file;
    }

    private WriteCycle requireCycle() {
        WriteCycle running = cycle;
        if (running == null) {
            throw new IllegalStateException("nothing is started");
        }
        return running;
    }

    /** Forgets everything that is not committed. */
    private void discard() {
        engine = null;
        last = null;
        WriteCycle left = cycle;
        cycle = null;
        if (left != null) {
            stalledNanos.addAndGet(left.stalledNanos());
            writes = writtenBefore.addAndGet(left.writes());
            left.close();
        }
    }

    // --- writing

    private void submit() {
        Engine<S> folding = engine;
        if (folding == null) {
            return;
        }
        WriteCycle running = requireCycle();
        running.await();
        written(folding);
        Batch batch = folding.freeze(Objects.requireNonNull(last, "what is started has a checkpoint"));
        if (batch == null) {
            return;
        }
        last = batch.checkpoint();
        submitted = folding.frozen();
        doing = new Done(folding.given(), folding.refolded());
        submittedAt = System.nanoTime();
        running.submit(batch, () -> committed(batch));
        writes = writtenBefore.get() + running.writes();
    }

    /** By the writer: what is committed is seen by others, and told. */
    private void committed(Batch batch) {
        if (complete && !beside) {
            changed.accept(batch.rows().stream().map(RowWrite::key).collect(Collectors.toUnmodifiableSet()));
        }
        shop.signal().changed();
    }

    /** Nothing waits, nothing is being written (rule W5). */
    private void flush() {
        if (engine != null) {
            submit();
            requireCycle().await();
            written(engine);
            queued = 0;
        }
    }

    /** What was given away is committed: that is the progress that trouble is forgotten for. */
    private void written(Engine<S> folding) {
        folding.written(submitted);
        if (submitted > 0) {
            events = before.events() + doing.events();
            refolded = before.refolded() + doing.refolded();
            attempts = 0;
            unwritten = null;
        }
    }

    // --- being ready

    private void ready() throws IOException {
        WriteCycle running = requireCycle();
        if (!complete) {
            running.complete();
            complete = true;
        }
        if (beside) {
            files.serveBuilt(version, running.committed().file());
            beside = false;
            files.lead(version);
            files.clean(version);
            changed.accept(Set.of());
        }
        if (!leading) {
            files.lead(version);
            leading = true;
        }
        if (!checked && projection.order() == Order.CANONICAL) {
            checkRows();
            checked = true;
        }
        attempts = 0;
        unwritten = null;
        become(Phase.READY, "");
    }

    /** Folds some short rows again: a handler that was changed without a new version is found out (rule S9). */
    private void checkRows() {
        Engine<S> folding = engine;
        if (folding == null) {
            return;
        }
        for (String key : requireCycle().committed().someRows(CHECKED_ROWS, SHORT_ROW)) {
            if (!folding.stillFolds(key)) {
                throw new ProjectionFailedException(
                        "its code changed without a new version: a row folds into another state than is stored",
                        "projection " + name,
                        null);
            }
        }
    }

    // --- trouble

    private interface Remedy {
        void apply() throws IOException;
    }

    private Duration recover(Remedy remedy) {
        try {
            remedy.apply();
            return Duration.ZERO;
        } catch (IOException | RuntimeException e) {
            return bear(e);
        }
    }

    /** The index is another one: what is stored goes on if it is the fold of just what is visible now (rule S7). */
    private void carryOver() throws IOException {
        discard();
        Path building = files.building(version);
        Path file = files.current(version);
        if (building == null && file != null && projection.order() == Order.CANONICAL) {
            try (WriteCycle writing = new WriteCycle(file, memos, Runnable::run)) {
                Checkpoint stored = writing.takeOver().checkpoint();
                CanonicalReads.Moment now = shop.store().canonicalReads().now();
                if (!stored.building() && now.digest().equals(stored.digest())) {
                    Checkpoint carried = new Checkpoint(
                            now.end(),
                            false,
                            null,
                            stored.passed(),
                            stored.total(),
                            stored.redacted(),
                            now.digest(),
                            now.generation());
                    writing.submit(
                            new Batch(List.of(), List.of(), List.of(), List.of(), Set.of(), List.of(), carried),
                            () -> {});
                    writing.await();
                    return;
                }
            }
        }
        rebuild("its cursor is stale");
    }

    private void rebuild(String because) throws IOException {
        LOG.log(System.Logger.Level.INFO, "projection {0} is built anew: {1}", name, because);
        discard();
        create(excluded());
        become(Phase.CATCHING_UP, "");
    }

    /** What people left out of the state that is there. */
    private List<EventId> excluded() throws IOException {
        Path building = files.building(version);
        Path file = building == null ? files.current(version) : building;
        if (file == null) {
            return List.of();
        }
        try (StateDatabase database = StateDatabase.open(file)) {
            return database.excluded();
        }
    }

    private void setAside(DamagedStateException damage) throws IOException {
        discard();
        lastError = damage.getMessage();
        LOG.log(System.Logger.Level.WARNING, "projection " + name + ": its state is damaged and built anew", damage);
        files.abandon(version);
        create(List.of());
        become(Phase.CATCHING_UP, "");
    }

    private Duration unwritten(WriteCycle.WriteException e) {
        Throwable cause = e.getCause();
        if (cause instanceof StateLostException) {
            LOG.log(System.Logger.Level.WARNING, "projection " + name + " is worked on elsewhere", cause);
            discard();
            stand();
            become(Phase.STANDBY, "");
            return shop.poll();
        }
        if (cause instanceof IndexException refused && refused.isCorrupt()) {
            return recover(() -> setAside(new DamagedStateException(String.valueOf(refused.getMessage()), refused)));
        }
        // While it is built, nothing is lost that can't be had again: that is no reason to end (rule R5).
        return complete && !beside ? fail(String.valueOf(e.getMessage()), e) : bear(e);
    }

    /** What may pass is tried again, for a while; while git is busy, for as long as that lasts (rules R3, O7). */
    private Duration bear(Exception trouble) {
        discard();
        lastError = said(trouble);
        if (shop.gitUnderWay().getAsBoolean()) {
            become(Phase.WAITING, "git is in the middle of a merge, rebase or the like");
            return shop.poll();
        }
        if (attempts < PATIENCE.size()) {
            LOG.log(System.Logger.Level.DEBUG, "projection " + name + " tries again", trouble);
            return PATIENCE.get(attempts++);
        }
        return fail(String.valueOf(said(trouble)), trouble);
    }

    private static @Nullable String said(Exception trouble) {
        if (trouble instanceof StoreException known) {
            return known.what();
        }
        return trouble instanceof WriteCycle.WriteException
                ? trouble.getMessage()
                : trouble.getClass().getSimpleName();
    }

    private Duration fail(String reason, Throwable trouble) {
        LOG.log(System.Logger.Level.WARNING, "projection {0} failed: {1}", name, reason);
        LOG.log(System.Logger.Level.DEBUG, "projection " + name + " failed", trouble);
        lastError = reason;
        unwritten = trouble instanceof WriteCycle.WriteException ? trouble : null;
        try {
            discard();
        } catch (RuntimeException e) {
            trouble.addSuppressed(e);
        }
        become(Phase.FAILED, reason);
        return shop.poll();
    }

    // --- what people ask for

    private void requests() throws IOException {
        for (Control.Request request : shop.control().requests(name)) {
            switch (request.action()) {
                case REBUILD -> rebuild("somebody asked for it");
                case RETRY -> retry();
                case SKIP -> skip(EventId.of(request.argument()));
                case SET_ASIDE -> notServed(request.argument());
            }
            shop.control().done(request);
            attempts = 0;
        }
    }

    private void retry() throws IOException {
        flush();
        discard();
        become(Phase.CATCHING_UP, "");
        start();
        WriteCycle running = requireCycle();
        again = running.committed().parked(MOST_PARKED).stream()
                .map(Failure::event)
                .distinct()
                .toList();
        boolean any = !again.isEmpty();
        discard();
        if (any && projection.order() == Order.ARRIVAL) {
            again = List.of();
            create(List.of());
        }
    }

    /** A reader found a database damaged. */
    private void notServed(String database) throws IOException {
        Path building = files.building(version);
        Path served = files.current(version);
        if (building == null && served != null && served.endsWith(database)) {
            setAside(new DamagedStateException(database + " could not be read", null));
        } else {
            files.setAside(database);
        }
    }

    private void skip(EventId event) throws IOException {
        flush();
        discard();
        become(Phase.CATCHING_UP, "");
        start();
        flush(); // what was to be tried again may have begun a transaction, which this is to outlive
        requireCycle().exclude(event);
        if (projection.order() == Order.ARRIVAL) {
            rebuild("an event was left out of it");
            return;
        }
        discard();
        again = List.of(event);
    }

    // --- what it tells

    private void become(Phase phase, String reason) {
        if (state.phase() != phase || !state.reason().equals(reason)) {
            state = new State(phase, reason, state.paused());
            tell();
        }
    }

    private void tell() {
        shop.signal().changed();
    }

    /** Whether it holds the projection's lock, so that what it says is how things stand. */
    boolean active() {
        return seat != null;
    }

    /** Whether it found that it is to pause. */
    boolean paused() {
        return state.paused();
    }

    Readiness readiness() {
        State now = state;
        return switch (now.phase()) {
            case READY -> new Readiness.Ready();
            case WAITING -> new Readiness.Waiting(now.reason());
            case FAILED -> new Readiness.Failed(now.reason());
            case STANDBY, CATCHING_UP ->
                !now.paused() && progress.stuckFor(shop.patience()) && active()
                        ? new Readiness.Failed(noProgress())
                        : progress.rebuilding();
        };
    }

    private String noProgress() {
        return "no progress for " + shop.patience().toMillis() + " ms";
    }

    /** Why what was done is not written, or null. */
    @Nullable
    Throwable unwritten() {
        return unwritten;
    }

    @Nullable
    String lastError() {
        return lastError;
    }

    long events() {
        return events;
    }

    long refolded() {
        return refolded;
    }

    long writes() {
        return writes;
    }

    long stalledNanos() {
        WriteCycle running = cycle;
        return stalledNanos.get() + (running == null ? 0 : running.stalledNanos());
    }

    long queued() {
        return queued;
    }

    long workedNanos() {
        return workedNanos.get();
    }

    double perSecond() {
        return progress.perSecond();
    }
}
