package dev.evstore.core.subscription;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes one thread that rests. A ring while it is awake is not lost: the next rest ends at once. So whoever looks after
 * a rest sees what was there before the ring. Thread-safe.
 */
final class Bell {

    private final Semaphore rung = new Semaphore(0);

    void ring() {
        if (rung.availablePermits() == 0) {
            rung.release();
        }
    }

    /** Rests until the bell rings or the time is up. Being interrupted counts as a ring: the thread is our own. */
    void rest(Duration atMost) {
        try {
            if (rung.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                rung.drainPermits();
            }
        } catch (InterruptedException e) {
            rung.drainPermits();
        }
    }
}
