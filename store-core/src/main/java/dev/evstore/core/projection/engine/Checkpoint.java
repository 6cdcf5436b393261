package dev.evstore.core.projection.engine;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.EventId;
import org.jspecify.annotations.Nullable;

/**
 * How far a projection is. Written with the rows it is true of, in one transaction (rule S1).
 *
 * @param cursor what the rows reflect; while building, what they will
 * @param building whether the rows are folded from the start, in canonical order, and not all events have been given
 * @param place while building, the last event given, or null for none
 * @param passed how many events of the store have been gone through, filtered out ones included: for the progress
 * @param total how many there were to go through
 * @param redacted how many redacted events were passed over
 * @param digest of what is visible at the cursor, if it was at the end of the feed; else null
 * @param generation the feed's, when last seen
 */
public record Checkpoint(
        FeedCursor cursor,
        boolean building,
        @Nullable EventId place,
        long passed,
        long total,
        long redacted,
        @Nullable Digest digest,
        long generation) {}
