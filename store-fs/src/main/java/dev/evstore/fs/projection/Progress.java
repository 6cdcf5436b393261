package dev.evstore.fs.projection;

import dev.evstore.core.projection.Readiness;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How fast a projection goes, and for how much longer. One thread moves it, any may ask. */
final class Progress {

    /** Over about so long the rate is an average. */
    private static final double WINDOW_NANOS = 2e9;

    /** After so long without an event it does not go at all. */
    private static final long IDLE_NANOS = 10_000_000_000L;

    private final LongSupplier nanos;
    private volatile long movedAt;
    private volatile double perSecond;
    private volatile double done;
    private volatile @Nullable Duration eta;
    private long before;

    Progress() {
        this(System::nanoTime);
    }

    /**
     * @param nanos a clock, as {@link System#nanoTime}
     */
    Progress(LongSupplier nanos) {
        this.nanos = nanos;
        this.movedAt = nanos.getAsLong();
    }

    /** Begins anew at so many events. */
    void start(long passed) {
        before = passed;
        movedAt = nanos.getAsLong();
    }

    /**
     * @param passed how many events have been gone through
     * @param total of how many
     */
    void moved(long passed, long total) {
        if (passed == before) {
            return;
        }
        long now = nanos.getAsLong();
        double took = Math.max(1, now - movedAt);
        double rate = (passed - before) * 1e9 / took;
        double weight = Math.min(1, took / WINDOW_NANOS);
        perSecond = perSecond == 0 ? rate : perSecond + weight * (rate - perSecond);
        before = passed;
        movedAt = now;
        done = total <= 0 ? 0 : Math.min(1, (double) passed / total);
        eta = perSecond <= 0 || total <= passed
                ? null
                : Duration.ofMillis((long) (1000 * (total - passed) / perSecond));
    }

    /** What has been before counts as no standstill. */
    void awake() {
        movedAt = nanos.getAsLong();
    }

    /** Events a second lately. */
    double perSecond() {
        return nanos.getAsLong() - movedAt > IDLE_NANOS ? 0 : perSecond;
    }

    Readiness.Rebuilding rebuilding() {
        return new Readiness.Rebuilding(done, eta);
    }

    boolean stuckFor(Duration patience) {
        return nanos.getAsLong() - movedAt > patience.toNanos();
    }
}
