package dev.evstore.core.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** That an id is greater than every id its writer had seen (rule I1), and whom a clock follows (rule I6). */
class HybridClockTest {

    private static final long NOW = Instant.parse("2026-11-20T06:00:00Z").toEpochMilli();

    private final Wall wall = new Wall(NOW);

    @Test // I1
    void idsCarryTheWallClock() {
        TransactionId id = clock(1).next(null);
        assertEquals(NOW, id.millis());
        assertFalse(id.isMerge());
    }

    @Test // I1
    void idsOfOneMillisecondAscendAndStayInIt() {
        HybridClock clock = clock(1);
        TransactionId last = clock.next(null);
        for (int k = 0; k < 10_000; k++) {
            TransactionId next = clock.next(last);
            assertTrue(next.compareTo(last) > 0);
            last = next;
        }
        assertEquals(NOW, last.millis());
    }

    @Test // I1: never the tail of a stored id plus one
    void afterAForeignIdTheTailIsFreshAndAMillisecondLater() {
        TransactionId foreign = id(NOW + 500, 41);
        Set<Long> tails = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            TransactionId next = clock(seed).next(foreign);
            assertEquals(NOW + 501, next.millis());
            tails.add(next.low());
        }
        assertEquals(20, tails.size());
    }

    @Test // I1: a merge transaction of the same millisecond is greater than any ordinary one
    void aVisibleMergeIsSteppedOverToo() {
        TransactionId merge = new TransactionId(NOW << 16 | 8 << 12, 2L << 62);
        assertEquals(NOW + 1, clock(1).next(merge).millis());
    }

    @Test // I1
    void anOlderForeignIdDoesNotHoldTheClockBack() {
        assertEquals(NOW, clock(1).next(id(NOW - 5000, 0)).millis());
    }

    @Test
    void T16_aClockAYearAheadThatComesBackGoesOnFromWhereItWas() { // T16
        HybridClock clock = clock(1);
        wall.millis = NOW + Duration.ofDays(365).toMillis();
        TransactionId ahead = clock.next(null);
        wall.millis = NOW;
        TransactionId back = clock.next(ahead);
        assertTrue(back.compareTo(ahead) > 0);
        assertEquals(ahead.millis(), back.millis());

        // Another writer, whose clock was right all the time, follows what it sees.
        TransactionId other = clock(2).next(back);
        assertEquals(back.millis() + 1, other.millis());
    }

    @Test
    void T16_aRestartWithAClockThatJumpedBackStepsOverWhatIsStored() { // T16
        TransactionId before = clock(1).next(null);
        wall.millis = NOW - Duration.ofDays(3).toMillis();
        TransactionId after = clock(1).next(before);
        assertTrue(after.compareTo(before) > 0);
    }

    @Test
    void T16_whatWasMadeDecadesAheadIsNotFollowedOnceTheClockIsBack() { // T16, I6
        HybridClock clock = clock(1);
        wall.millis = NOW + HybridClock.FOLLOWED_MILLIS + 1;
        clock.next(null);
        wall.millis = NOW;
        assertEquals(NOW, clock.next(null).millis());
    }

    @Test
    void T46_twoGeneratorsInOneMillisecondNeverFallBelowWhatTheySaw() { // T46
        HybridClock one = clock(1);
        HybridClock two = clock(2);
        TransactionId last = one.next(null);
        for (int k = 0; k < 1000; k++) {
            TransactionId next = (k % 3 == 0 ? one : two).next(last);
            assertTrue(next.compareTo(last) > 0);
            last = next;
        }
        assertTrue(last.millis() > NOW, "ids ran ahead of the clock, and went on");
    }

    @Property(tries = 300) // I1, T46
    void anIdIsGreaterThanAllItsWriterHadSeen(@ForAll("moves") List<Move> moves) {
        List<HybridClock> clocks = List.of(clock(1), clock(2), clock(3));
        List<TreeSet<TransactionId>> seen = List.of(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        Set<TransactionId> all = new HashSet<>();
        for (Move move : moves) {
            wall.millis += move.jump();
            TreeSet<TransactionId> mine = seen.get(move.writer());
            if (move.looks()) {
                mine.addAll(all);
            }
            TransactionId newest = mine.isEmpty() ? null : mine.last();
            TransactionId id = clocks.get(move.writer()).next(newest);
            assertTrue(newest == null || id.compareTo(newest) > 0);
            assertTrue(all.add(id));
            mine.add(id);
        }
    }

    @Test // I1
    void threadsThatShareAClockNeverGetTheSameId() throws InterruptedException {
        HybridClock clock = clock(1);
        Set<TransactionId> all = new ConcurrentSkipListSet<>();
        List<Thread> threads = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            Thread thread = new Thread(() -> {
                TransactionId last = null;
                for (int i = 0; i < 2000; i++) {
                    last = above(last, clock.next(last));
                    all.add(last);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(8000, all.size());
    }

    @Test // I6
    void idsAreFollowedForTenYearsAndNeverToTheLastMillisecond() {
        assertEquals(NOW + HybridClock.FOLLOWED_MILLIS, clock(1).followedUntil());
        assertEquals(3652.5, HybridClock.FOLLOWED_MILLIS / 86_400_000.0);
        wall.millis = TransactionId.MAX_MILLIS;
        assertEquals(TransactionId.MAX_MILLIS - 1, clock(1).followedUntil());
    }

    @Test
    void aWallClockBefore1970CountsAs1970() {
        wall.millis = -5;
        assertEquals(0, clock(1).wallMillis());
        assertEquals(0, clock(1).next(null).millis());
    }

    @Test
    void twoClocksDoNotMakeTheSameIds() {
        assertNotEquals(clock(1).next(null), clock(2).next(null));
    }

    /** Somebody appends, the wall clock having jumped, having looked at the others' or not. */
    record Move(int writer, long jump, boolean looks) {}

    @Provide
    Arbitrary<List<Move>> moves() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.of(0L, 0L, 0L, 1L, -1L, 3_600_000L, -3_600_000L),
                        Arbitraries.of(true, false))
                .as(Move::new)
                .list()
                .ofMaxSize(60);
    }

    private HybridClock clock(int seed) {
        return new HybridClock(wall, new Random(seed));
    }

    private static TransactionId id(long millis, long tail) {
        return new TransactionId(millis << 16 | 7 << 12, 2L << 62 | tail);
    }

    private static TransactionId above(@Nullable TransactionId last, TransactionId next) {
        if (last != null && next.compareTo(last) <= 0) {
            throw new AssertionError(next + " after " + last);
        }
        return next;
    }

    private static final class Wall extends Clock {
        private long millis;

        private Wall(long millis) {
            this.millis = millis;
        }

        @Override
        public long millis() {
            return millis;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
