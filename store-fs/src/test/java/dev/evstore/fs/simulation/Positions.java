package dev.evstore.fs.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import java.util.HashMap;
import java.util.Map;

/** Every position that any consumer was ever told, and what stood there: P1, no position is used twice. */
final class Positions {

    private record Place(String epoch, boolean retraction, long number) {}

    private final Map<Place, String> told = new HashMap<>();

    void arrival(FeedEntry.Arrival arrival) {
        FeedCursor at = arrival.position();
        tell(new Place(at.epoch(), false, at.arrivals()), arrival.event().id().transaction() + " " + arrival.trailer());
    }

    void retraction(FeedEntry.Retraction gone) {
        FeedCursor at = gone.position();
        tell(new Place(at.epoch(), true, at.retractions()), gone.transaction() + " " + gone.trailer());
    }

    private void tell(Place place, String what) {
        String before = told.putIfAbsent(place, what);
        assertEquals(before == null ? what : before, what, () -> "P1: a position is used twice: " + place);
    }
}
