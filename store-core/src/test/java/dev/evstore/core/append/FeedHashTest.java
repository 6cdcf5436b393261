package dev.evstore.core.append;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FeedHashTest {

    private static final TransactionId ID = TransactionId.of("01931f5c-0000-7000-8000-000000000000");
    private static final TransactionId OTHER = TransactionId.of("01931f5c-0000-7000-8000-000000000001");
    private static final Sha256 TRAILER = Sha256.hash(new byte[] {1});

    @Test
    void everyPartOfAnArrivalMakesAnotherHash() { // P5
        Set<Long> hashes = new TreeSet<>(List.of(
                FeedHash.next(FeedHash.START, ID, TRAILER, List.of(), 1),
                FeedHash.next(1, ID, TRAILER, List.of(), 1),
                FeedHash.next(FeedHash.START, OTHER, TRAILER, List.of(), 1),
                FeedHash.next(FeedHash.START, ID, Sha256.hash(new byte[] {2}), List.of(), 1),
                FeedHash.next(FeedHash.START, ID, TRAILER, List.of(0), 1),
                FeedHash.next(FeedHash.START, ID, TRAILER, List.of(1), 1),
                FeedHash.next(FeedHash.START, ID, TRAILER, List.of(), 2)));
        assertEquals(7, hashes.size());
    }

    @Test
    void whatIsRedactedHasNoOrder() {
        assertEquals(FeedHash.next(0, ID, TRAILER, List.of(1, 2), 3), FeedHash.next(0, ID, TRAILER, List.of(2, 1), 3));
    }

    @Test
    void everyPartOfARetractionAndOfACheckMakesAnotherHash() { // P5
        assertEquals(
                4,
                Set.copyOf(List.of(
                                FeedHash.next(0, 1, 1),
                                FeedHash.next(1, 1, 1),
                                FeedHash.next(0, 2, 1),
                                FeedHash.next(0, 1, 2)))
                        .size());
        assertEquals(
                3,
                Set.copyOf(List.of(FeedHash.check(0, 0), FeedHash.check(1, 0), FeedHash.check(0, 1)))
                        .size());
    }

    /** Cursors outlive a version of this program: the values may not change. */
    @Test
    void theValuesStand() {
        long arrival = FeedHash.next(FeedHash.START, ID, TRAILER, List.of(3), 4);
        long retraction = FeedHash.next(FeedHash.START, 1, 4);
        assertEquals(-1808537190165843236L, arrival);
        assertEquals(3976192557218343933L, retraction);
        assertEquals(-584109691, FeedHash.check(arrival, retraction));
    }
}
