package dev.evstore.fs.projection;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How long to wait before reading again what could not be read, and how often (rule R3). Not thread-safe. */
final class Patience {

    private static final List<Duration> WAITS =
            List.of(Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(2));

    private int waited;

    /** The next wait, or null if there have been enough. */
    @Nullable
    Duration next() {
        return waited < WAITS.size() ? WAITS.get(waited++) : null;
    }

    /** There was progress: what was before counts no more. */
    void restore() {
        waited = 0;
    }
}
