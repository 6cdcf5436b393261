package dev.evstore.core.projection;

import dev.evstore.core.FeedCursor;
import org.jspecify.annotations.Nullable;

/**
 * Where a projection stands. Immutable.
 *
 * @param readiness of the state that is being made or followed
 * @param paused whether it was told to pause
 * @param active whether somebody works on it: the host that tells this, or another process
 * @param served whether there is a complete state to be read, be it a stale one
 * @param stale whether what is served is the state before a rebuild, or of another version of the projection
 * @param differs whether events were left out by a person
 * @param position what the served state reflects, or null if none is served
 * @param lag events of the feed that are not applied yet, an upper bound
 * @param counts since the host was opened
 * @param lastError what went wrong last, without any payload, or null
 */
public record ProjectionStatus(
        String name,
        Readiness readiness,
        boolean paused,
        boolean active,
        boolean served,
        boolean stale,
        boolean differs,
        @Nullable FeedCursor position,
        long lag,
        Counts counts,
        @Nullable String lastError) {

    /**
     * What was done.
     *
     * @param events events given to handlers and key functions, those of folds made again included
     * @param refolded rows that were folded again
     * @param redacted redacted events that were passed over, since the state was built
     * @param skipped events that failed and were skipped, in the state; of more than {@link #MOST} that many
     * @param parked events that failed and are parked, in the state; of more than {@link #MOST} that many
     * @param writes transactions written
     * @param queued rows that are changed and not committed, now
     * @param workedNanos how long it read, folded and wrote
     * @param stalledNanos how long it waited for a write because as much as may be was waiting to be written
     * @param perSecond events a second lately
     */
    public record Counts(
            long events,
            long refolded,
            long redacted,
            long skipped,
            long parked,
            long writes,
            long queued,
            long workedNanos,
            long stalledNanos,
            double perSecond) {

        /** As many failures are counted: whoever can push decides how many there are, and asking is to stay cheap. */
        public static final int MOST = 10_000;

        public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
