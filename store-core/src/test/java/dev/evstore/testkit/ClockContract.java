package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.Finding;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.TransactionId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clocks that are wrong, here and elsewhere (rules I1, I6). */
public abstract class ClockContract extends StoreContract {

    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long YEAR_9999 = 253_402_300_799_000L;

    private TransactionId append(String stream, String type) {
        return store().append(stream(stream), ExpectedVersion.current(), event(type))
                .transaction();
    }

    private static TransactionId id(Transaction transaction) {
        return transaction.header().id();
    }

    @Test
    void T16_aClockThatJumpsBackDoesNotReorder() { // T16, I1
        append("a", "One");
        clock.move(Duration.ofMinutes(-30));
        append("a", "Two");
        append("a", "Three");
        assertEquals(List.of("One", "Two", "Three"), types("a"));
        assertEquals(1, heads("a").size());
    }

    @Test
    void T16_aReplicaAYearAheadIsFollowedAndNamed() { // T16, I6
        expectFinding(Finding.Code.CLOCK_AHEAD);
        Transaction ahead = Foreign.at(365 * DAY).onto("a").event("a", "Ahead").build();
        arrive(ahead);
        TransactionId mine = append("a", "Mine");
        assertEquals(List.of("Ahead", "Mine"), types("a"));
        assertEquals(List.of(mine), heads("a"));
        append("b", "More");
        assertTrue(store().status().forks().isEmpty());
        List<Finding> findings = store().status().findings();
        assertEquals(1, findings.size(), "who only follows is not named");
        assertTrue(findings.get(0).what().contains(Foreign.REPLICA.toString()));
    }

    @Test
    void anHourAheadIsNothingToSpeakOf() { // I6
        arrive(Foreign.at(Duration.ofHours(1).toMillis())
                .onto("a")
                .event("a", "T")
                .build());
        append("a", "Mine");
    }

    @Test
    void T52_anIdOfTheFarFutureIsVisibleAndNotFollowed() { // T52, I6
        expectFinding(Finding.Code.FAR_FUTURE);
        TransactionId first = append("a", "First");
        Transaction far = Foreign.withId(Foreign.id(YEAR_9999, 0))
                .onto("a", first)
                .event("a", "Far")
                .build();
        Transaction last = Foreign.withId(Foreign.id(TransactionId.MAX_MILLIS, 0))
                .parent(far)
                .onto("a", id(far))
                .event("a", "Last")
                .build();
        arrive(far, last);
        assertEquals(List.of("First", "Far", "Last"), types("a"));

        TransactionId second = append("a", "Second");
        TransactionId third = append("a", "Third");
        TransactionId elsewhere = append("b", "Elsewhere");

        assertEquals(List.of("First", "Second", "Third", "Far", "Last"), types("a"));
        assertEquals(List.of(third, id(last)), heads("a"), "a rival head until the file goes");
        for (TransactionId mine : List.of(second, third, elsewhere)) {
            assertTrue(Math.abs(clock.millis() - mine.millis()) < 10, "no clock is moved by it");
        }
    }

    @Test
    void T52_afterTheFarFileGoesNothingIsLeftOfIt() { // T52, I6
        TransactionId first = append("a", "First");
        TransactionId rates = append("rates", "Set");
        Transaction far = Foreign.withId(Foreign.id(YEAR_9999, 0))
                .onto("a", first)
                .onto("rates", rates)
                .event("a", "Far")
                .event("rates", "Far")
                .build();
        arrive(far);
        store().append(Append.to(stream("a"), ExpectedVersion.current(), event("Second"))
                .and(stream("new"), ExpectedVersion.noStream(), event("New"))
                .reading(stream("rates"), store().read(stream("rates")).state()));
        TransactionId third = append("a", "Third");
        retract(id(far));

        assertEquals(List.of(third), heads("a"));
        assertEquals(List.of("First", "Second", "Third"), types("a"));
        assertTrue(store().status().isClean(), () -> store().status().toString());
    }

    @Test
    void T52_aStreamOfNothingButTheFarFutureIsBegunAnew() { // T52, I6
        Transaction far = Foreign.withId(Foreign.id(YEAR_9999, 0))
                .onto("a")
                .event("a", "Far")
                .build();
        arrive(far);
        TransactionId mine = append("a", "Mine");
        assertEquals(List.of(mine, id(far)), heads("a"));
        retract(id(far));
        assertEquals(List.of(mine), heads("a"));
        assertTrue(store().status().isClean());
    }

    @Test
    void T16_whatAClockWroteThatWasDecadesAheadIsNotFollowedWhenItIsBack() { // T16, I6
        expectFinding(Finding.Code.FAR_FUTURE);
        TransactionId first = append("a", "First");
        clock.move(Duration.ofDays(20 * 365));
        TransactionId far = append("a", "Far");
        clock.set(ManualClock.START);
        TransactionId back = append("a", "Back");
        assertEquals(List.of("First", "Back", "Far"), types("a"));
        assertEquals(List.of(back, far), heads("a"));
        assertTrue(first.compareTo(back) < 0);
    }

    @Test
    void tenYearsAheadIsStillFollowed() { // I6
        expectFinding(Finding.Code.CLOCK_AHEAD);
        arrive(Foreign.at(3650 * DAY).onto("a").event("a", "T").build());
        TransactionId mine = append("a", "Mine");
        assertEquals(List.of(mine), heads("a"));
    }
}
