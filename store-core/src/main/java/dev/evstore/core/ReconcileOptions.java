package dev.evstore.core;

import dev.evstore.core.id.StreamId;
import java.util.Set;

/**
 * What {@link EventStore#reconcile} is to do. Immutable.
 *
 * @param streams units that contain any of these are resolved; empty for all
 * @param dryRun whether nothing is written: resolvers are asked, and the report says what would come of it
 * @param acceptMissing whether units with an incomplete stream are resolved, too: only where what is missing will never
 *     come, or it would be compensated for nothing (rule F7)
 */
public record ReconcileOptions(Set<StreamId> streams, boolean dryRun, boolean acceptMissing) {

    public ReconcileOptions {
        streams = Set.copyOf(streams);
    }

    /** Every fork, for real, and none with something missing. */
    public static ReconcileOptions all() {
        return new ReconcileOptions(Set.of(), false, false);
    }

    /** Only the units that contain any of these streams. */
    public ReconcileOptions only(StreamId... these) {
        return new ReconcileOptions(Set.of(these), dryRun, acceptMissing);
    }

    public ReconcileOptions asDryRun() {
        return new ReconcileOptions(streams, true, acceptMissing);
    }

    public ReconcileOptions acceptingMissing() {
        return new ReconcileOptions(streams, dryRun, true);
    }
}
