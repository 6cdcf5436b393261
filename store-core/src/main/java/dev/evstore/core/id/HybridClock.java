package dev.evstore.core.id;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.time.Clock;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Makes transaction ids that are greater than everything their writer has seen (rule I1): a UUIDv7 over the greater of
 * the wall clock and the ids already known.
 *
 * <p>Thread-safe. Several clocks may feed one store: each is told the newest visible id and steps over it.
 */
public final class HybridClock {

    /** How far ahead of this machine an id may be and still be followed (rule I6): ten years of 365.25 days. */
    public static final long FOLLOWED_MILLIS = 315_576_000_000L;

    private final Clock wall;
    private final TimeBasedEpochGenerator generator;
    private @Nullable TransactionId last;

    /**
     * @param wall what tells the time
     * @param random where the tails of ids come from; a {@link java.security.SecureRandom} outside tests
     */
    public HybridClock(Clock wall, Random random) {
        this.wall = wall;
        this.generator = Generators.timeBasedEpochGenerator(random);
    }

    /** The wall clock's milliseconds since 1970, never below 0. */
    public long wallMillis() {
        return Math.max(0, wall.millis());
    }

    /** Ids beyond this many milliseconds are visible, but not followed (rule I6). */
    public long followedUntil() {
        return Math.min(wallMillis() + FOLLOWED_MILLIS, TransactionId.MAX_MILLIS - 1);
    }

    /**
     * A new id, greater than every id this clock made and than {@code newestVisible}.
     *
     * @param newestVisible the greatest followed id in the store, null if there is none
     */
    public synchronized TransactionId next(@Nullable TransactionId newestVisible) {
        long millis = wallMillis();
        if (last != null && last.millis() > followedUntil()) {
            // The wall clock had jumped ahead by years and is back: what it made then is not followed either.
            last = null;
        }
        if (last != null) {
            millis = Math.max(millis, last.millis());
        }
        if (newestVisible != null && (last == null || newestVisible.compareTo(last) > 0)) {
            // Another generator's id: a tail of ours in the same millisecond could fall below it.
            millis = Math.max(millis, newestVisible.millis() + 1);
        }
        TransactionId id = construct(millis);
        if (last != null && id.compareTo(last) <= 0) {
            id = construct(millis + 1);
        }
        last = id;
        return id;
    }

    private TransactionId construct(long millis) {
        return TransactionId.of(generator.construct(millis));
    }
}
