package dev.evstore.core.reconcile;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import java.util.ArrayList;
import java.util.List;

/** What a resolver says of a fork. */
public sealed interface Resolution {

    /**
     * The fork ends, with these events.
     *
     * @param events in the merge transaction's order, each on a stream of the unit; none says that the canonical order is
     *     fine as it is. They can't be marked redactable, as their bytes have to be the same everywhere
     */
    record Resolve(List<Entry> events) implements Resolution {
        public Resolve {
            events = List.copyOf(events);
        }

        /** And these events after those before. */
        public Resolve and(StreamId stream, NewEvent... more) {
            List<Entry> all = new ArrayList<>(events);
            for (NewEvent event : more) {
                all.add(new Entry(stream, event));
            }
            return new Resolve(all);
        }
    }

    /**
     * The fork stays, for a person or another resolver.
     *
     * @param reason why, for the report
     */
    record Unresolvable(String reason) implements Resolution {}

    /**
     * @param stream where it goes
     * @param event what happened
     */
    record Entry(StreamId stream, NewEvent event) {}

    /** The fork ends without an event: the canonical order is fine. */
    static Resolve canonicalOrder() {
        return new Resolve(List.of());
    }

    /** The fork ends with these events on one stream. */
    static Resolve resolve(StreamId stream, NewEvent... events) {
        return canonicalOrder().and(stream, events);
    }

    /** The fork stays. */
    static Unresolvable unresolvable(String reason) {
        return new Unresolvable(reason);
    }
}
