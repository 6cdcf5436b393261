package dev.evstore.core.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.WrongExpectedVersionException;
import dev.evstore.core.WrongExpectedVersionException.Moved;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryTest {

    private final List<Duration> waits = new ArrayList<>();
    private int attempts;

    private static WrongExpectedVersionException conflict() {
        return new WrongExpectedVersionException(
                List.of(new Moved(StreamId.of("a"), ExpectedVersion.noStream(), StreamState.NONE)));
    }

    private String failing(int times) {
        if (attempts++ < times) {
            throw conflict();
        }
        return "done";
    }

    @Test
    void waitsGrowAtRandomUpToALimit() {
        Retry retry = new Retry(100, new Random(1), waits::add);
        assertEquals("done", retry.run(() -> failing(99)));
        assertEquals(99, waits.size());
        for (int k = 0; k < 99; k++) {
            long most = Math.min(Retry.FIRST_WAIT.toMillis() << Math.min(k, 10), Retry.LONGEST_WAIT.toMillis());
            assertTrue(waits.get(k).toMillis() <= most, waits::toString);
        }
        assertTrue(new HashSet<>(waits).size() > 50, waits::toString);
        assertTrue(waits.stream().anyMatch(w -> w.toMillis() > Retry.LONGEST_WAIT.toMillis() / 2), waits::toString);
    }

    @Test
    void nothingButAConflictIsTriedAgain() {
        Retry retry = new Retry(5, new Random(1), waits::add);
        IllegalStateException refused = new IllegalStateException("refused");
        assertSame(
                refused,
                assertThrows(
                        IllegalStateException.class,
                        () -> retry.run(() -> {
                            attempts++;
                            throw refused;
                        })));
        assertEquals(1, attempts);
        assertThrows(WrongExpectedVersionException.class, () -> Retry.upTo(1).run(() -> failing(9)));
        assertEquals(2, attempts);
        assertThrows(IllegalArgumentException.class, () -> Retry.upTo(0));
    }

    @Test
    void anInterruptedWaitGivesUpAndKeepsTheInterrupt() {
        Retry retry = new Retry(5, new Random(1), time -> {
            throw new InterruptedException();
        });
        assertThrows(WrongExpectedVersionException.class, () -> retry.run(() -> failing(9)));
        assertTrue(Thread.interrupted());
        assertEquals(1, attempts);
    }

    @Test
    void snapshotsInMemoryLetGoOfWhatWasUsedLongestAgo() {
        Snapshots<Integer> two = Snapshots.inMemory(2);
        two.keep(key("a"), new Folded<>(StreamState.NONE, 1));
        two.keep(key("b"), new Folded<>(StreamState.NONE, 2));
        assertTrue(two.latest(key("a")).isPresent());
        two.keep(key("c"), new Folded<>(StreamState.NONE, 3));
        assertTrue(two.latest(key("a")).isPresent());
        assertTrue(two.latest(key("b")).isEmpty());
        assertEquals(3, two.latest(key("c")).orElseThrow().value());
        assertThrows(IllegalArgumentException.class, () -> Snapshots.inMemory(0));
    }

    private static Snapshots.Key key(String stream) {
        return Snapshots.Key.of(StreamId.of(stream), 1, Integer.class);
    }
}
