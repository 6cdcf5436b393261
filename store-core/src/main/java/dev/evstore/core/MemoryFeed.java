package dev.evstore.core;

import dev.evstore.core.append.FeedHash;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What arrived and what went, in the order it did, and pages of that (rules P1 to P3, P5 to P8). Nothing is ever taken
 * out: a cursor that was good stays good. Not thread-safe.
 */
final class MemoryFeed {

    private final String epoch;
    private final List<Arrived> arrivals = new ArrayList<>();
    private final List<Retracted> retractions = new ArrayList<>();
    /** The arrival of every visible transaction. */
    private final Map<TransactionId, Arrived> standing = new HashMap<>();
    /** What was retracted: coming back, it is there again. */
    private final Set<Content> gone = new HashSet<>();

    private long generation;

    MemoryFeed(String epoch) {
        this.epoch = epoch;
    }

    private record Content(TransactionId id, Sha256 trailer) {}

    /**
     * @param last the sequence number of its last event; of one without events its own
     * @param late the ordinals of its late events
     * @param hash over all arrivals up to here
     */
    private record Arrived(Transaction transaction, long last, Set<Integer> late, boolean again, long hash) {
        TransactionHeader header() {
            return transaction.header();
        }
    }

    /**
     * @param hash over all retractions up to here
     */
    private record Retracted(Arrived arrival, long hash) {}

    String epoch() {
        return epoch;
    }

    long generation() {
        return generation;
    }

    /**
     * Takes in what changed: first what is gone or has other contents, children before parents, then what is new or has
     * other contents, in canonical order (rule P2).
     */
    RefreshReport change(VisibleSet before, VisibleSet after) {
        int retracted = 0;
        Map<StreamId, EventId> lastOf = new HashMap<>();
        List<Transaction> lastFirst = new ArrayList<>(before.transactions().values());
        Collections.reverse(lastFirst);
        for (Transaction was : lastFirst) {
            if (before.sameAs(after, was.header().id())) {
                forEachEvent(was.header(), (event, stream) -> lastOf.merge(stream, event, MemoryFeed::later));
                continue;
            }
            retract(was.header().id());
            retracted++;
            gone.add(new Content(was.header().id(), was.header().trailer()));
        }
        int came = 0;
        int events = 0;
        int late = 0;
        for (Transaction now : after.transactions().values()) {
            TransactionId id = now.header().id();
            if (!after.sameAs(before, id)) {
                // A redaction or another variant in its place is no return.
                boolean again = !before.transactions().containsKey(id)
                        && gone.contains(new Content(id, now.header().trailer()));
                late += arrive(now, again, lastOf);
                came++;
                events += now.header().events().size();
            }
        }
        generation += retracted + late;
        return came + retracted == 0 ? RefreshReport.NOTHING : new RefreshReport(came, events, late, retracted);
    }

    private void retract(TransactionId id) {
        Arrived arrival = standing.remove(id);
        if (arrival == null) {
            throw new IllegalStateException("visible, but never arrived: " + id);
        }
        long hash = FeedHash.next(retractionHash(retractions.size()), retractions.size() + 1L, arrival.last());
        retractions.add(new Retracted(arrival, hash));
    }

    private int arrive(Transaction transaction, boolean again, Map<StreamId, EventId> lastOf) {
        TransactionHeader header = transaction.header();
        Set<Integer> late = new HashSet<>();
        forEachEvent(header, (event, stream) -> {
            EventId last = lastOf.get(stream);
            if (last != null && last.compareTo(event) > 0) {
                late.add(event.ordinal());
            }
        });
        long last = sequenceAfter(arrivals.size()) + Math.max(1, header.events().size());
        long hash = FeedHash.next(arrivalHash(arrivals.size()), header.id(), header.trailer(), header.redacted(), last);
        Arrived arrival = new Arrived(transaction, last, late, again, hash);
        arrivals.add(arrival);
        standing.put(header.id(), arrival);
        return late.size();
    }

    /**
     * @param limit at least 1
     * @throws StaleCursorException the cursor is not of this epoch, or this epoch was never there
     */
    FeedPage page(FeedCursor after, EventFilter filter, int limit, VisibleSet visible) {
        FeedPage gone = retractions(after, filter, limit);
        if (!gone.atEnd()) {
            return gone;
        }
        int seen = placeOf(after);
        int told = (int) gone.next().retractions();
        List<FeedEntry> entries = new ArrayList<>(gone.entries());
        for (; seen < arrivals.size(); seen++) {
            Arrived arrival = arrivals.get(seen);
            List<EventId> events = isStanding(arrival) ? accepted(arrival.header(), filter) : List.of();
            if (events.isEmpty()) {
                continue;
            }
            if (entries.size() >= limit) {
                return new FeedPage(entries, cursor(seen, told), false, generation);
            }
            for (EventId id : events) {
                entries.add(new FeedEntry.Arrival(
                        visible.event(id),
                        arrival.header().trailer(),
                        arrival.late().contains(id.ordinal()),
                        arrival.again(),
                        cursor(seen + 1, told)));
            }
        }
        return new FeedPage(entries, cursor(seen, told), true, generation);
    }

    /** What a page begins with. */
    FeedPage retractions(FeedCursor after, EventFilter filter, int limit) {
        int seen = placeOf(after);
        int told = (int) after.retractions();
        List<FeedEntry> entries = new ArrayList<>();
        for (; told < retractions.size(); told++) {
            Arrived arrival = retractions.get(told).arrival();
            List<FeedEntry.RetractedEvent> events =
                    arrival.last() <= after.arrivals() ? retracted(arrival.header(), filter) : List.of();
            if (events.isEmpty()) {
                continue;
            }
            if (entries.size() >= limit) {
                return new FeedPage(entries, cursor(seen, told), false, generation);
            }
            entries.add(new FeedEntry.Retraction(
                    arrival.header().id(), arrival.header().trailer(), events, cursor(seen, told + 1)));
        }
        return new FeedPage(entries, cursor(seen, told), true, generation);
    }

    /** Where a consumer stands that has seen everything. */
    FeedCursor end() {
        return cursor(arrivals.size(), retractions.size());
    }

    /** What is known of a transaction here. */
    CanonicalReads.Whereabouts whereabouts(TransactionId id) {
        Arrived arrival = standing.get(id);
        if (arrival != null) {
            return new CanonicalReads.Whereabouts.Visible(arrival.last());
        }
        boolean was = gone.stream().anyMatch(content -> content.id().equals(id));
        return was ? new CanonicalReads.Whereabouts.Retracted() : new CanonicalReads.Whereabouts.Unknown();
    }

    /** Whether a visible transaction arrived by then. */
    boolean arrivedBy(TransactionId visible, long until) {
        Arrived arrival = standing.get(visible);
        return arrival != null && arrival.last() <= until;
    }

    private boolean isStanding(Arrived arrival) {
        Arrived standsNow = standing.get(arrival.header().id());
        return standsNow != null && standsNow.last() == arrival.last();
    }

    private static List<EventId> accepted(TransactionHeader header, EventFilter filter) {
        List<EventId> accepted = new ArrayList<>();
        for (int k = 0; k < header.events().size(); k++) {
            TransactionHeader.Slot slot = header.events().get(k);
            if (filter.accepts(slot.stream(), slot.type(), slot.tags())) {
                accepted.add(new EventId(header.id(), k));
            }
        }
        return accepted;
    }

    private static List<FeedEntry.RetractedEvent> retracted(TransactionHeader header, EventFilter filter) {
        return accepted(header, filter).stream()
                .map(id -> {
                    TransactionHeader.Slot slot = header.events().get(id.ordinal());
                    return new FeedEntry.RetractedEvent(id.ordinal(), slot.stream(), slot.type(), slot.tags());
                })
                .toList();
    }

    /** How many arrivals the cursor has seen. */
    private int placeOf(FeedCursor cursor) {
        if (cursor.isBeginning()) {
            return 0;
        }
        if (!cursor.epoch().equals(epoch)) {
            throw new StaleCursorException(cursor, "this index is " + epoch);
        }
        int low = 0;
        int high = arrivals.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (arrivals.get(middle).last() <= cursor.arrivals()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (sequenceAfter(low) != cursor.arrivals() || cursor.retractions() < 0) {
            throw new StaleCursorException(cursor, "no transaction ends there");
        }
        if (cursor.retractions() > retractions.size() || check(low, (int) cursor.retractions()) != cursor.check()) {
            throw new StaleCursorException(cursor, "what stands before it here is something else");
        }
        return low;
    }

    private FeedCursor cursor(int seen, int told) {
        return new FeedCursor(epoch, sequenceAfter(seen), told, check(seen, told));
    }

    private int check(int seen, int told) {
        return FeedHash.check(arrivalHash(seen), retractionHash(told));
    }

    private long sequenceAfter(int seen) {
        return seen == 0 ? 0 : arrivals.get(seen - 1).last();
    }

    private long arrivalHash(int seen) {
        return seen == 0 ? FeedHash.START : arrivals.get(seen - 1).hash();
    }

    private long retractionHash(int told) {
        return told == 0 ? FeedHash.START : retractions.get(told - 1).hash();
    }

    private static EventId later(@Nullable EventId a, EventId b) {
        return a == null || b.compareTo(a) > 0 ? b : a;
    }

    private interface EachEvent {
        void event(EventId id, StreamId stream);
    }

    private static void forEachEvent(TransactionHeader header, EachEvent each) {
        for (int k = 0; k < header.events().size(); k++) {
            each.event(new EventId(header.id(), k), header.events().get(k).stream());
        }
    }
}
