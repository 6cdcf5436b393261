package dev.evstore.core;

import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads in canonical order of what a consumer of the feed has been told: visible events that arrived no later than the
 * consumer's cursor. What read models are folded from, and folded again where something came late or went.
 *
 * <p>Every answer is of one moment. Between two of them transactions may be retracted; {@link #retractions} tells which.
 * Thread-safe; throws what the reads of {@link EventStore} throw.
 */
public interface CanonicalReads {

    /** Where the store stands, as far as it has looked at its files. The cursor is as durable as a page's (rule P4). */
    Moment now();

    /**
     * How much of the feed somebody at this cursor has not been told, at the most: all arrivals if it is of another index.
     * As far as the store has looked at its files; unlike {@link #now} it waits for nobody who writes and needs no room on
     * the disk, so the number may be less after a power cut.
     */
    default long behind(FeedCursor position) {
        return now().behind(position);
    }

    /**
     * The retractions of what the consumer saw, and no arrivals: what {@link EventStore#readFeed} gives first. The page's
     * {@code next} has the arrivals of {@code after}; {@code atEnd} says that no retraction was left when it was read.
     *
     * @param filter applied before the limit
     * @param limit the most entries wanted, 1..{@link EventStore#MAX_PAGE}
     * @throws StaleCursorException the cursor is not of this index (rule P5)
     */
    FeedPage retractions(FeedCursor after, EventFilter filter, int limit);

    /**
     * A page of the whole store.
     *
     * @param after the event to go on behind, itself left out, or null for the start; it need not be here
     * @param until the {@linkplain FeedCursor#arrivals() arrivals} of a cursor: what came later is left out
     * @param limit the most events wanted, 1..{@link EventStore#MAX_PAGE}
     */
    Part all(EventFilter filter, @Nullable EventId after, long until, int limit);

    /** A page of one stream, which may be unknown. As {@link #all}, at a cost that does not depend on what is before. */
    Part stream(StreamId stream, EventFilter filter, @Nullable EventId after, long until, int limit);

    /**
     * Single events; those that are not visible, or came later than {@code until}, are left out.
     *
     * @param ids ascending, at most {@link EventStore#MAX_PAGE}
     */
    List<StoredEvent> events(List<EventId> ids, long until);

    /** Whether a transaction is visible, and to which cursors. */
    Whereabouts whereabouts(TransactionId transaction);

    /**
     * A moment of the store.
     *
     * @param end the cursor of who has been told everything
     * @param digest of all that is visible then
     * @param events how many events are visible then
     * @param generation as of a {@link FeedPage}
     */
    record Moment(FeedCursor end, Digest digest, long events, long generation) {

        /** Arrivals and retractions that somebody at this cursor has not been told of; all arrivals if it is of another index. */
        public long behind(FeedCursor position) {
            return position.epoch().equals(end.epoch())
                    ? end.arrivals() - position.arrivals() + end.retractions() - position.retractions()
                    : end.arrivals();
        }
    }

    /**
     * A part of a read.
     *
     * @param events in canonical order; a part that is not the last may have none
     * @param next what to go on behind, or null if nothing follows
     * @param passed how many events were looked at, those that the filter rejected included
     */
    record Part(List<StoredEvent> events, @Nullable EventId next, long passed) {
        public Part {
            events = List.copyOf(events);
        }
    }

    /** What is known of a transaction here. */
    sealed interface Whereabouts {

        /**
         * It is visible.
         *
         * @param arrival a cursor with as many {@linkplain FeedCursor#arrivals() arrivals} has been told of it
         */
        record Visible(long arrival) implements Whereabouts {}

        /** It was visible, and is not now. */
        record Retracted() implements Whereabouts {}

        /** It was never here. */
        record Unknown() implements Whereabouts {}
    }
}
