package dev.evstore.fs.projection;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Wakes whoever waits for something to be true. Thread-safe. */
final class Signal {

    private long changes;

    synchronized void changed() {
        changes++;
        notifyAll();
    }

    synchronized long changes() {
        return changes;
    }

    /** Rests until something has changed since, or the time is up. */
    synchronized void rest(long since, long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; changes == since && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Waits until it is true; false if the time is up before. What nobody signals is looked at every {@code poll}. */
    boolean await(BooleanSupplier condition, long nanos, long pollNanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (true) {
            long seen = changes();
            if (condition.getAsBoolean()) {
                return true;
            }
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            rest(seen, Math.min(left, pollNanos));
        }
    }
}
