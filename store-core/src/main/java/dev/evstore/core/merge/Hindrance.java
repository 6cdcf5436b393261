package dev.evstore.core.merge;

import dev.evstore.core.ReconcileReport.Why;
import dev.evstore.core.append.StoreView;
import dev.evstore.core.history.Fork;
import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.id.TransactionId;
import org.jspecify.annotations.Nullable;

/** A reason not even to ask the resolver. */
record Hindrance(Why why, String reason) {

    /**
     * The first thing that stands in the way of resolving the unit, or null.
     *
     * @param followedUntil the milliseconds of the last id that is followed; a merge has to stay below, as those who
     *     append behind it have to follow it (rule I6)
     */
    static @Nullable Hindrance of(ForkUnit unit, StoreView view, long followedUntil, boolean acceptMissing) {
        for (Fork fork : unit.forks()) {
            TransactionId newer = view.newerWriter(fork.stream());
            if (newer != null) {
                return new Hindrance(
                        Why.NEWER_FORMAT,
                        "stream " + fork.stream() + " holds transaction " + newer + ", which needs a newer evstore");
            }
            TransactionId newest = fork.heads().get(fork.heads().size() - 1);
            if (newest.millis() >= followedUntil) {
                return new Hindrance(
                        Why.FAR_FUTURE,
                        "head " + newest + " of stream " + fork.stream()
                                + " is more than ten years ahead of this machine's clock; if that is right, remove the"
                                + " file that holds it");
            }
            if (!acceptMissing && view.incomplete(fork.stream())) {
                return new Hindrance(
                        Why.INCOMPLETE,
                        "stream " + fork.stream() + " is incomplete: a transaction that somebody names as its head is"
                                + " not here and may still come");
            }
        }
        return null;
    }
}
