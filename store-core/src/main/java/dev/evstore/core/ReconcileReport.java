package dev.evstore.core;

import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.List;

/**
 * What came of reconciling, each unit on its own (rule M3). Immutable.
 *
 * @param resolved forks that ended, or in a dry run would end, in the order they were dealt with
 * @param unresolved forks that stay
 */
public record ReconcileReport(List<Resolved> resolved, List<Unresolved> unresolved) {

    public ReconcileReport {
        resolved = List.copyOf(resolved);
        unresolved = List.copyOf(unresolved);
    }

    /**
     * Forks that ended together.
     *
     * @param streams ascending
     * @param transaction the merge transaction: the same for everybody who resolves the same fork alike
     * @param events how many events it has
     * @param alreadyThere whether somebody else's identical resolution arrived before this one was written
     */
    public record Resolved(List<StreamId> streams, TransactionId transaction, int events, boolean alreadyThere) {
        public Resolved {
            streams = List.copyOf(streams);
        }
    }

    /**
     * Forks that stay.
     *
     * @param streams ascending
     * @param why the kind of reason
     * @param reason in words
     */
    public record Unresolved(List<StreamId> streams, Why why, String reason) {
        public Unresolved {
            streams = List.copyOf(streams);
        }
    }

    /** Why a fork stays. */
    public enum Why {
        /** The resolver said so. */
        UNRESOLVABLE,
        /** The resolver threw, or an event could not be read. */
        FAILED,
        /** What the resolver returned breaks a rule. */
        MISTAKE,
        /** A stream has a transaction of a newer format, which can't be read here (rule V3). */
        NEWER_FORMAT,
        /** A transaction that somebody names as a head is not here (rule F7). */
        INCOMPLETE,
        /** A head is more than ten years ahead of this machine's clock, or at the end of time (rule I6). */
        FAR_FUTURE,
        /** One stream has more heads than one merge transaction holds (rule V4). */
        TOO_LARGE,
        /** Its heads changed each time it was about to be written. */
        MOVED
    }
}
