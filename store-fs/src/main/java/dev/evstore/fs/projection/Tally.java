package dev.evstore.fs.projection;

import dev.evstore.core.projection.ProjectionStatus;
import java.util.concurrent.atomic.AtomicLong;

/** What was done on a projection since its host was opened. One thread counts, and one that writes behind it; any may ask. */
final class Tally {

    private final AtomicLong events = new AtomicLong();
    private final AtomicLong refolded = new AtomicLong();
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong workedNanos = new AtomicLong();
    private final AtomicLong stalledNanos = new AtomicLong();
    private volatile long queued;

    /** What was done for a batch, when that is committed (rule W6). */
    void committed(long moreEvents, long moreRefolded) {
        events.addAndGet(moreEvents);
        refolded.addAndGet(moreRefolded);
    }

    /** A batch is committed; by who writes. */
    void written() {
        writes.incrementAndGet();
    }

    /** So many rows are changed and not given away. */
    void queued(long rows) {
        queued = rows;
    }

    void worked(long nanos) {
        workedNanos.addAndGet(nanos);
    }

    /** Of that, it could not go on before something was written. */
    void stalled(long nanos) {
        stalledNanos.addAndGet(nanos);
    }

    /**
     * What was counted, with what only the state knows.
     *
     * @param perSecond how many events, lately
     */
    ProjectionStatus.Counts counts(ProjectionStatus.Counts ofState, double perSecond) {
        return new ProjectionStatus.Counts(
                events.get(),
                refolded.get(),
                ofState.redacted(),
                ofState.skipped(),
                ofState.parked(),
                writes.get(),
                queued,
                workedNanos.get(),
                stalledNanos.get(),
                perSecond);
    }
}
