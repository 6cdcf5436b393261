package dev.evstore.core;

import dev.evstore.core.event.EventType;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.List;

/** An entry of the feed. */
public sealed interface FeedEntry {

    /** The cursor after this entry's whole transaction: good for going on there. */
    FeedCursor position();

    /**
     * An event became visible here.
     *
     * @param trailer of its transaction: which variant of it this is (rule I5)
     * @param late whether an event of the same stream that follows it canonically was here before
     * @param again whether it had been here, was retracted, and is back; for information
     */
    record Arrival(StoredEvent event, Sha256 trailer, boolean late, boolean again, FeedCursor position)
            implements FeedEntry {}

    /**
     * A transaction that the consumer saw is gone (checkout, reset, rebase, redaction).
     *
     * @param trailer which variant of it went (rule I5)
     * @param events those of its events that the filter accepts
     */
    record Retraction(TransactionId transaction, Sha256 trailer, List<RetractedEvent> events, FeedCursor position)
            implements FeedEntry {
        public Retraction {
            events = List.copyOf(events);
        }
    }

    /**
     * What is left of an event that is gone.
     *
     * @param ordinal its place in its transaction
     */
    record RetractedEvent(int ordinal, StreamId stream, EventType type, List<String> tags) {
        public RetractedEvent {
            tags = List.copyOf(tags);
        }
    }
}
