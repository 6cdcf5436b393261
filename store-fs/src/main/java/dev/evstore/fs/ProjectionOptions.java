package dev.evstore.fs;

import dev.evstore.core.projection.engine.EngineLimits;
import java.time.Duration;

/**
 * How a {@link ProjectionHost} works. Immutable.
 *
 * @param page how many events are read at once, 1..10,000; no result depends on it
 * @param changes how many rows each projection may hold that are not written yet, at least 1
 * @param bytes of their states and images, at least 1, and as many again that are being written
 * @param patience how long a rebuild may make no progress before it counts as failed
 * @param threads whether projections follow the store on threads of their own; else only {@link
 *     ProjectionHost#catchUp()} moves them
 */
public record ProjectionOptions(int page, int changes, long bytes, Duration patience, boolean threads) {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /**
     * @throws IllegalArgumentException if something is out of its range
     */
    public ProjectionOptions {
        new EngineLimits(page, changes, bytes);
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("patience is longer than nothing, not " + patience);
        }
    }

    /** Pages of 1,000 events, 100,000 rows or 256 MiB a projection, five minutes of patience, threads. */
    public static ProjectionOptions defaults() {
        EngineLimits limits = EngineLimits.DEFAULT;
        return new ProjectionOptions(limits.page(), limits.changes(), limits.bytes(), PATIENCE, true);
    }

    public ProjectionOptions page(int events) {
        return new ProjectionOptions(events, changes, bytes, patience, threads);
    }

    public ProjectionOptions changes(int rows) {
        return new ProjectionOptions(page, rows, bytes, patience, threads);
    }

    public ProjectionOptions bytes(long ofStates) {
        return new ProjectionOptions(page, changes, ofStates, patience, threads);
    }

    public ProjectionOptions patience(Duration withoutProgress) {
        return new ProjectionOptions(page, changes, bytes, withoutProgress, threads);
    }

    /** For programs that come and go: only {@link ProjectionHost#catchUp()} moves the projections. */
    public ProjectionOptions withoutThreads() {
        return new ProjectionOptions(page, changes, bytes, patience, false);
    }

    EngineLimits limits() {
        return new EngineLimits(page, changes, bytes);
    }
}
