package dev.evstore.core.decide;

import dev.evstore.core.WrongExpectedVersionException;
import java.time.Duration;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Tries again what met a version conflict: read, decide, append, all of it. Between two attempts it waits at random, up
 * to {@link #FIRST_WAIT} doubled with each attempt, up to {@link #LONGEST_WAIT}, so that two who collided part.
 * Thread-safe.
 */
public final class Retry {

    /** How often it is tried unless said otherwise. */
    public static final int ATTEMPTS = 10;

    public static final Duration FIRST_WAIT = Duration.ofMillis(10);
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    /** How one waits. */
    public interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    private final int attempts;
    private final Random random;
    private final Pause pause;

    /**
     * @param attempts the most, the first included; 1 for none but that
     * @param random where jitter comes from
     * @param pause waits
     */
    public Retry(int attempts, Random random, Pause pause) {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts are at least 1, not " + attempts);
        }
        this.attempts = attempts;
        this.random = random;
        this.pause = pause;
    }

    /** At most this many attempts, in real time. */
    public static Retry upTo(int attempts) {
        return new Retry(attempts, new Random(), time -> Thread.sleep(time.toMillis()));
    }

    /**
     * The first result without a conflict.
     *
     * @param attempt reads anew each time
     * @throws WrongExpectedVersionException the last attempt's, or if the thread is interrupted, which stays so
     */
    public <T> T run(Supplier<T> attempt) {
        for (int failed = 0; ; failed++) {
            try {
                return attempt.get();
            } catch (WrongExpectedVersionException conflict) {
                if (failed + 1 == attempts || interrupted(failed)) {
                    throw conflict;
                }
            }
        }
    }

    private boolean interrupted(int failed) {
        long doubled = FIRST_WAIT.toMillis() << Math.min(failed, 20);
        long most = Math.min(doubled, LONGEST_WAIT.toMillis());
        try {
            pause.of(Duration.ofMillis((long) (random.nextDouble() * (most + 1))));
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
