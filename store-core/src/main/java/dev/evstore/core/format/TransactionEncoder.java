package dev.evstore.core.format;

import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.List;
import java.util.SortedMap;

/** Writes transactions. What it returns has passed the reader's own checks (rule V5). */
public final class TransactionEncoder {

    private TransactionEncoder() {}

    /**
     * @throws IllegalArgumentException if the draft breaks a rule or limit of the format; the message names it
     */
    public static Transaction encode(Draft draft) {
        throw new UnsupportedOperationException();
    }

    /**
     * The merge transaction that supersedes these heads: a function of its arguments alone (rules M1, M2).
     *
     * @param heads of each stream the heads to supersede, two or more
     * @param trailers of each of those heads the first 32 hex digits of its trailer
     * @param events the resolution, each on one of the streams, without salt
     * @throws IllegalArgumentException if a rule or limit is broken, or the newest head is at the end of time
     */
    public static Transaction encodeMerge(
            SortedMap<StreamId, List<TransactionId>> heads,
            SortedMap<TransactionId, String> trailers,
            List<Draft.Event> events) {
        throw new UnsupportedOperationException();
    }
}
