package dev.evstore.fs.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final AtomicLong nanos = new AtomicLong(Duration.ofDays(1).toNanos());
    private final Progress progress = new Progress(nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void R6_theRateIsOfLately() {
        progress.start(0);
        pass(Duration.ofSeconds(1));
        progress.moved(1_000, 4_000);
        assertEquals(1_000, progress.perSecond());
        assertEquals(Duration.ofSeconds(3), progress.rebuilding().eta());
        pass(Duration.ofSeconds(10));
        assertEquals(1_000, progress.perSecond());
        pass(Duration.ofMillis(1));
        assertEquals(0, progress.perSecond());
    }

    @Test
    void R3_onlyWhatMovesIsNoStandstill() {
        progress.start(0);
        pass(Duration.ofMinutes(5));
        progress.moved(0, 10);
        assertFalse(progress.stuckFor(Duration.ofMinutes(5)));
        pass(Duration.ofNanos(1));
        assertTrue(progress.stuckFor(Duration.ofMinutes(5)));
        progress.moved(1, 10);
        assertFalse(progress.stuckFor(Duration.ofMinutes(5)));
    }
}
