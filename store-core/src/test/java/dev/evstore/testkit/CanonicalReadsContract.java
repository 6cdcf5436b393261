package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.CanonicalReads;
import dev.evstore.core.CanonicalReads.Part;
import dev.evstore.core.CanonicalReads.Whereabouts;
import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.StaleCursorException;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.EventType;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reads in canonical order of what a cursor has seen, against what the feed and {@code readAll} say of it. */
public abstract class CanonicalReadsContract extends StoreContract {

    private static final List<EventFilter> FILTERS = List.of(
            EventFilter.all(),
            EventFilter.prefix("a"),
            EventFilter.glob("b*").withTags("odd"),
            EventFilter.all().withTypes(EventType.of("T1")));

    private final Transaction one = Foreign.at(1)
            .free("a")
            .free("b")
            .event("a", "A0")
            .event("b", "B1")
            .event("a", "A2")
            .event("b", "B3")
            .event("a", "A4")
            .build();
    private final Transaction two = Foreign.at(2).free("a").event("a", "Two").build();
    private final Transaction three =
            Foreign.at(3).free("b").event("b", "Three").build();

    private CanonicalReads reads() {
        return store().canonicalReads();
    }

    private static EventId id(Transaction transaction, int ordinal) {
        return new EventId(transaction.header().id(), ordinal);
    }

    private static List<String> types(List<StoredEvent> events) {
        return events.stream().map(event -> event.type().value()).toList();
    }

    /** By the feed: when everything that is visible arrived. */
    private Map<TransactionId, Long> arrivals() {
        Map<TransactionId, Long> arrivals = new TreeMap<>();
        for (FeedEntry entry : entries(FeedCursor.beginning())) {
            FeedEntry.Arrival arrival = (FeedEntry.Arrival) entry;
            arrivals.put(arrival.event().id().transaction(), arrival.position().arrivals());
        }
        return arrivals;
    }

    private List<StoredEvent> naively(EventFilter filter, @Nullable EventId after, long until) {
        Map<TransactionId, Long> arrivals = arrivals();
        List<StoredEvent> events = new ArrayList<>();
        for (StoredEvent event : store().readAll(ReadAllOptions.forwards())) {
            Long arrived = arrivals.get(event.id().transaction());
            if (arrived != null
                    && arrived <= until
                    && (after == null || event.id().compareTo(after) > 0)
                    && filter.accepts(
                            event.stream(),
                            event.type(),
                            event instanceof RecordedEvent recorded ? recorded.tags() : List.of())) {
                events.add(event);
            }
        }
        return events;
    }

    /** All pages, each checked. */
    private static List<StoredEvent> pages(
            BiFunction<@Nullable EventId, Integer, Part> read, @Nullable EventId after, int limit) {
        List<StoredEvent> all = new ArrayList<>();
        EventId place = after;
        do {
            Part part = read.apply(place, limit);
            assertTrue(part.events().size() <= limit, "a page is no longer than wanted");
            assertTrue(part.passed() >= part.events().size());
            for (StoredEvent event : part.events()) {
                assertTrue(place == null || event.id().compareTo(place) > 0, "behind the place");
            }
            EventId next = part.next();
            assertTrue(next == null || place == null || next.compareTo(place) > 0, "pages go on");
            all.addAll(part.events());
            place = next;
        } while (place != null);
        return all;
    }

    /** Whatever came late, went, came back or was redacted, up to every place of the feed, from every place. */
    @Test
    void everyReadIsOfWhatIsVisibleAndArrivedByThen() {
        Random random = new Random(11);
        Set<Long> ends = new TreeSet<>(Set.of(0L, Long.MAX_VALUE));
        Map<TransactionId, Transaction> foreign = new TreeMap<>();
        for (int k = 0; k < 40; k++) {
            move(random, k, foreign);
            ends.add(end().arrivals());
            if (k % 4 == 3) {
                compare(random, ends, foreign.keySet());
            }
        }
    }

    private void move(Random random, int k, Map<TransactionId, Transaction> foreign) {
        int what = random.nextInt(8);
        if (what < 2) {
            store().append(stream(random.nextBoolean() ? "a" : "b"), ExpectedVersion.current(), some(k), some(k + 1));
        } else if (what < 5 || foreign.isEmpty()) {
            Foreign late = Foreign.at(random.nextInt(60) - 30, k).free("a").free("bb");
            for (int e = 0; e <= random.nextInt(4); e++) {
                late.event(random.nextBoolean() ? "a" : "bb", some(e));
            }
            Transaction arriving =
                    late.event("a", some(k)).event("bb", some(k + 1)).build();
            foreign.put(arriving.header().id(), arriving);
            arrive(arriving);
        } else {
            List<Transaction> all = List.copyOf(foreign.values());
            Transaction some = all.get(random.nextInt(all.size()));
            if (what == 5) {
                retract(some.header().id());
            } else if (what == 6) {
                arrive(some);
            } else {
                arrive(Foreign.redacted(
                        some, random.nextInt(some.header().events().size())));
            }
        }
    }

    private static NewEvent some(int n) {
        NewEvent event = NewEvent.of("T" + n % 3, Integer.toString(n));
        return n % 2 == 1 ? event.tags("odd") : event;
    }

    private void compare(Random random, Set<Long> ends, Set<TransactionId> known) {
        List<EventId> places = new ArrayList<>();
        known.forEach(id -> places.add(new EventId(id, random.nextInt(3))));
        places.add(new EventId(Foreign.id(1, 0), 0));
        places.add(new EventId(Foreign.id(ManualClock.START.toEpochMilli() + 1_000_000, 0), 0));
        for (long until : ends) {
            EventFilter filter = FILTERS.get(random.nextInt(FILTERS.size()));
            EventId after = random.nextInt(3) == 0 ? null : places.get(random.nextInt(places.size()));
            int limit = List.of(1, 2, 3, 1_000).get(random.nextInt(4));
            List<StoredEvent> expected = naively(filter, after, until);
            assertEquals(
                    expected,
                    pages((place, most) -> reads().all(filter, place, until, most), after, limit),
                    () -> "all from " + after + " to " + until);
            for (String name : List.of("a", "b", "bb")) {
                StreamId stream = stream(name);
                assertEquals(
                        expected.stream()
                                .filter(event -> event.stream().equals(stream))
                                .toList(),
                        pages((place, most) -> reads().stream(stream, filter, place, until, most), after, limit),
                        () -> name + " from " + after + " to " + until);
            }
            TreeSet<EventId> wanted = new TreeSet<>(places);
            store().readAll(ReadAllOptions.forwards()).forEach(event -> wanted.add(event.id()));
            assertEquals(naively(EventFilter.all(), null, until), reads().events(List.copyOf(wanted), until));
        }
        for (TransactionId id : known) {
            Long arrived = arrivals().get(id);
            assertEquals(
                    arrived == null ? new Whereabouts.Retracted() : new Whereabouts.Visible(arrived),
                    reads().whereabouts(id));
        }
    }

    @Test
    void aPageBeginsAndEndsWithinATransaction() {
        arrive(one, two);
        long until = end().arrivals();
        Part part = reads().all(EventFilter.all(), id(one, 0), until, 2);
        assertEquals(List.of("B1", "A2"), types(part.events()));
        assertEquals(id(one, 2), part.next());
        assertEquals(2, part.passed());
        part = reads().stream(stream("a"), EventFilter.all(), id(one, 1), until, 2);
        assertEquals(List.of("A2", "A4"), types(part.events()), "after an event of another stream");
        assertEquals(
                List.of("Two"),
                types(reads().stream(stream("a"), EventFilter.all(), part.next(), until, 2)
                        .events()));
        assertEquals(List.of("A4"), types(reads().events(List.of(id(one, 4), id(one, 5), id(one, 4_095)), until)));
    }

    @Test
    void whatTheFilterRejectsIsPassedAndCounted() {
        arrive(one, two, three);
        Part part = reads().all(EventFilter.prefix("a"), null, end().arrivals(), 10);
        assertEquals(List.of("A0", "A2", "A4", "Two"), types(part.events()));
        assertEquals(7, part.passed());
        assertNull(part.next());
    }

    @Test
    void nothingIsKnownOfAStreamThatNeverWas() {
        arrive(one);
        assertEquals(
                new Part(List.of(), null, 0),
                reads().stream(stream("never"), EventFilter.all(), null, Long.MAX_VALUE, 10));
        assertEquals(new Whereabouts.Unknown(), reads().whereabouts(two.header().id()));
        assertEquals(List.of(), reads().events(List.of(), Long.MAX_VALUE));
    }

    @Test
    void whatComesBackIsSeenByThoseWhoAreToldOfTheReturn() { // P7
        arrive(one, two);
        long before = end().arrivals();
        retract(id(one, 0).transaction());
        assertEquals(
                new Whereabouts.Retracted(), reads().whereabouts(one.header().id()));
        arrive(one);
        assertEquals(
                List.of("Two"),
                types(reads().all(EventFilter.all(), null, before, 10).events()));
        assertEquals(
                6,
                reads().all(EventFilter.all(), null, end().arrivals(), 10)
                        .events()
                        .size());
        assertEquals(
                new Whereabouts.Visible(end().arrivals()),
                reads().whereabouts(one.header().id()));
    }

    @Test
    void nowIsTheEndOfTheFeedAndWhatIsVisibleThere() {
        assertEquals(0, reads().now().events());
        arrive(one, two, three);
        retract(id(two, 0).transaction());
        store().append(stream("c"), ExpectedVersion.any(), event("Four"));
        CanonicalReads.Moment now = reads().now();
        assertEquals(store().feedEnd(), now.end());
        assertEquals(store().digest(), now.digest());
        assertEquals(7, now.events());
        assertEquals(store().status().generation(), now.generation());
    }

    @Test
    void retractionsAreWhatAPageOfTheFeedBeginsWith() { // P6
        arrive(one, two);
        FeedCursor seen = end();
        retract(id(one, 0).transaction());
        retract(id(two, 0).transaction());
        arrive(three);

        FeedPage first = reads().retractions(seen, EventFilter.all(), 1);
        assertEquals(List.of("-A0,B1,A2,B3,A4"), inWords(first.entries()));
        assertFalse(first.atEnd());
        assertEquals(seen.arrivals(), first.next().arrivals());
        FeedPage second = reads().retractions(first.next(), EventFilter.all(), 1);
        assertEquals(List.of("-Two"), inWords(second.entries()));
        assertTrue(second.atEnd());
        assertEquals(List.of("+Three"), inWords(entries(second.next())), "no arrival was passed over");
        FeedPage none = reads().retractions(second.next(), EventFilter.all(), 1);
        assertEquals(List.of(), none.entries());
        assertEquals(second.next(), none.next(), "with nothing gone the cursor stays");
        assertEquals(store().status().generation(), none.generation());
        FeedPage filtered = reads().retractions(seen, EventFilter.prefix("none"), 1);
        assertEquals(List.of(), filtered.entries());
        assertEquals(second.next(), filtered.next());
    }

    @Test
    void aCursorOfAnotherIndexIsRefused() { // P5
        arrive(one);
        FeedCursor here = end();
        FeedCursor elsewhere = new FeedCursor("00000000000000ff", here.arrivals(), 0, here.check());
        assertThrows(StaleCursorException.class, () -> reads().retractions(elsewhere, EventFilter.all(), 1));
    }

    @Test
    void aPageHasRoomForOneAtLeast() {
        arrive(one);
        FeedCursor here = end();
        assertThrows(IllegalArgumentException.class, () -> reads().all(EventFilter.all(), null, 9, 0));
        assertThrows(IllegalArgumentException.class, () -> reads().stream(stream("a"), EventFilter.all(), null, 9, 0));
        assertThrows(IllegalArgumentException.class, () -> reads().retractions(here, EventFilter.all(), 0));
        assertEquals(
                5,
                reads().all(EventFilter.all(), null, here.arrivals(), EventStore.MAX_PAGE)
                        .events()
                        .size());
    }

    /**
     * Pages are each of their own moment. What went meanwhile may have been read, or not; the retractions since name it.
     * What came meanwhile is not read, wherever its place is.
     */
    @Test
    void T80_whatMovesBetweenPagesIsNamedByTheRetractionsSince() { // T80, O2
        Transaction late = Foreign.at(0).free("a").event("a", "Late").build();
        Transaction last = Foreign.at(9).free("a").event("a", "Last").build();
        arrive(one, two, three, last);
        FeedCursor cursor = end();
        Part first = reads().all(EventFilter.all(), null, cursor.arrivals(), 5);
        arrive(late, Foreign.at(8).free("a").event("a", "Later").build());
        retract(id(one, 0).transaction());
        retract(id(three, 0).transaction());
        arrive(three);
        Part second = reads().all(EventFilter.all(), first.next(), cursor.arrivals(), 5);

        List<String> read = new ArrayList<>(types(first.events()));
        read.addAll(types(second.events()));
        assertEquals(List.of("A0", "B1", "A2", "B3", "A4", "Two", "Last"), read);
        assertEquals(
                List.of("-A0,B1,A2,B3,A4", "-Three"),
                inWords(reads().retractions(cursor, EventFilter.all(), 10).entries()).stream()
                        .sorted()
                        .toList());
        assertEquals(
                List.of("Two", "Last"),
                types(reads().all(EventFilter.all(), null, cursor.arrivals(), 5).events()));
    }
}
