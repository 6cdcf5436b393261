package dev.evstore.fs.projection;

import dev.evstore.core.projection.Readiness;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How fast a projection goes, and for how much longer. One thread moves it, any may ask. */
final class Progress {

    /** Over about so long the rate is an average. */
    private static final double WINDOW_NANOS = 2e9;

    private volatile long movedAt = System.nanoTime();
    private volatile double perSecond;
    private volatile double done;
    private volatile @Nullable Duration eta;
    private long before;

    /** Begins anew at so many events. */
    void start(long passed) {
        before = passed;
        movedAt = System.nanoTime();
    }

    /**
     * @param passed how many events have been gone through
     * @param total of how many
     */
    void moved(long passed, long total) {
        if (passed == before) {
            return;
        }
        long now = System.nanoTime();
        double nanos = Math.max(1, now - movedAt);
        double rate = (passed - before) * 1e9 / nanos;
        double weight = Math.min(1, nanos / WINDOW_NANOS);
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
        movedAt = System.nanoTime();
    }

    double perSecond() {
        return perSecond;
    }

    Readiness.Rebuilding rebuilding() {
        return new Readiness.Rebuilding(done, eta);
    }

    boolean stuckFor(Duration patience) {
        return System.nanoTime() - movedAt > patience.toNanos();
    }
}
