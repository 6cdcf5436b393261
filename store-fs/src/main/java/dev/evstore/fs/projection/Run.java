package dev.evstore.fs.projection;

import dev.evstore.core.id.EventId;
import dev.evstore.core.projection.engine.Batch;
import dev.evstore.core.projection.engine.Checkpoint;
import dev.evstore.core.projection.engine.Engine;
import dev.evstore.core.projection.engine.ProjectionFailedException;
import dev.evstore.core.projection.engine.RowWrite;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An engine at work on a build, from what is committed there until it is closed: what is not committed by then is forgotten.
 * It folds ahead while one batch is written behind it. Used by one thread.
 */
final class Run<S> implements AutoCloseable {

    /** While a projection is built, what is done is written so often, if there is no need before (rule R5). */
    private static final long BUILD_WRITES_NANOS = 1_000_000_000L;

    /** How many parked events are given again at once. */
    private static final int PARKED = 1_000;

    private static final int CHECKED_ROWS = 16;
    private static final long SHORT_ROW = 64;

    private final Job<S> job;
    private final Builds builds;
    private final WriteCycle cycle;
    private final Engine<S> engine;
    private final Tally tally;
    private final Runnable progressed;
    private Checkpoint last;
    private Done submitted = Done.NOTHING;
    private Done counted = Done.NOTHING;
    private long submittedAt = System.nanoTime() - BUILD_WRITES_NANOS;
    private boolean complete;
    private boolean beside;
    private boolean retrying;
    /** Up to where, if anywhere. */
    private @Nullable EventId retried;

    /**
     * What the engine had done when it gave away a batch.
     *
     * @param batch its number
     */
    private record Done(long batch, long events, long refolded) {
        static final Done NOTHING = new Done(0, 0, 0);
    }

    private Run(
            Job<S> job,
            Builds builds,
            Builds.Build build,
            WriteCycle cycle,
            Meta meta,
            Tally tally,
            Runnable progressed) {
        this.job = job;
        this.builds = builds;
        this.cycle = cycle;
        this.tally = tally;
        this.progressed = progressed;
        this.last = meta.checkpoint();
        this.complete = meta.complete();
        this.beside = build.beside();
        this.engine = new Engine<>(
                job.projection().in(key -> work -> cycle.run(key, work)),
                job.shop().store(),
                job.reads(),
                job.shop().codec(),
                cycle,
                meta.checkpoint(),
                cycle.excluded(),
                job.shop().limits());
    }

    /**
     * Goes on from what is committed.
     *
     * @param progressed is called, by the thread that uses the run, when something that was given away is committed
     * @throws DamagedStateException it is not what this version of the projection wrote
     */
    static <S> Run<S> open(Job<S> job, Builds builds, MemoFile memos, Tally tally, Runnable progressed)
            throws IOException {
        Builds.Build build = builds.atWork();
        WriteCycle cycle = new WriteCycle(build.file(), memos, job.writer());
        try {
            Meta meta = cycle.takeOver();
            if (!meta.fingerprint().equals(builds.fingerprint())) {
                throw new DamagedStateException(
                        build.file() + " was written by another version of the projection", null);
            }
            return new Run<>(job, builds, build, cycle, meta, tally, progressed);
        } catch (RuntimeException | Error e) {
            try {
                cycle.close();
            } catch (RuntimeException more) {
                e.addSuppressed(more);
            }
            throw e;
        }
    }

    /**
     * Reads a page and folds it.
     *
     * @return whether more is there to be done at once
     */
    boolean fold() {
        if (retrying) {
            List<EventId> page = cycle.committed().parked(retried, PARKED);
            if (!page.isEmpty()) {
                engine.again(page, List.of());
                retried = page.get(page.size() - 1);
                return true;
            }
            retrying = false;
        }
        return engine.step();
    }

    /** How far it is, ahead of what is written. */
    Checkpoint checkpoint() {
        return engine.checkpoint();
    }

    /** What is committed, or on its way to be. */
    Checkpoint given() {
        return last;
    }

    /** Has what is folded written, if it is time. */
    void keepUp() {
        tally.queued(engine.waiting());
        if (engine.full()) {
            awaitRoom();
            submit();
        } else if (!cycle.isWriting() && due()) {
            submit();
        }
    }

    private boolean due() {
        return complete || engine.atEnd() || System.nanoTime() - submittedAt > BUILD_WRITES_NANOS;
    }

    /** There is no other way on but to wait for what is being written (rule W3). */
    private void awaitRoom() {
        if (cycle.isWriting()) {
            long start = System.nanoTime();
            cycle.await();
            tally.stalled(System.nanoTime() - start);
        }
    }

    private void submit() {
        cycle.await();
        written();
        Batch batch = engine.freeze(last);
        if (batch == null) {
            return;
        }
        last = engine.checkpoint();
        submitted = new Done(engine.frozen(), engine.given(), engine.refolded());
        submittedAt = System.nanoTime();
        cycle.submit(batch, () -> committed(batch));
    }

    /** By the writer: what is committed is seen by others, and told. */
    private void committed(Batch batch) {
        tally.written();
        if (isServed()) {
            job.changed().accept(batch.rows().stream().map(RowWrite::key).collect(Collectors.toUnmodifiableSet()));
        }
        job.shop().signal().changed();
    }

    /** What was given away is committed. */
    private void written() {
        engine.written(submitted.batch());
        if (submitted.batch() > counted.batch()) {
            tally.committed(submitted.events() - counted.events(), submitted.refolded() - counted.refolded());
            counted = submitted;
            progressed.run();
        }
    }

    /**
     * From now on nothing waits, and nothing is being written (rule W5).
     *
     * @throws WriteCycle.WriteException something can't be written
     */
    void flush() {
        submit();
        cycle.await();
        written();
        tally.queued(0);
    }

    /** Whether what it writes is seen by others. */
    boolean isServed() {
        return complete && !beside;
    }

    /** All that was visible is written: from now on this is served. */
    void serve() throws IOException {
        if (!complete) {
            cycle.complete();
            complete = true;
        }
        if (beside) {
            builds.serve(cycle.committed().file());
            beside = false;
            job.changed().accept(Set.of());
        }
    }

    /**
     * Folds some short rows again: a handler that was changed without a new version is found out (rule S9).
     *
     * @throws ProjectionFailedException one was
     */
    void checkRows() {
        for (String key : cycle.committed().someRows(CHECKED_ROWS, SHORT_ROW)) {
            if (!engine.stillFolds(key)) {
                throw new ProjectionFailedException(
                        "its code changed without a new version: a row folds into another state than is stored",
                        "projection " + job.name(),
                        null);
            }
        }
    }

    /** Leaves events out: that is written with their rows, which are folded again. Before anything else is folded. */
    void exclude(Collection<EventId> events) {
        engine.again(List.of(), events);
    }

    /** What is parked is given again, before anything else: a page with each {@link #fold}. */
    void retry() {
        retrying = true;
    }

    boolean anyParked() {
        return !cycle.committed().parked(null, 1).isEmpty();
    }

    /** Waits for what is being written, whatever becomes of it; forgets the rest. */
    @Override
    public void close() {
        cycle.close();
    }
}
