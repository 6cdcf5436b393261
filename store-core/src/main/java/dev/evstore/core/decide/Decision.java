package dev.evstore.core.decide;

import dev.evstore.core.AppendResult;
import dev.evstore.core.id.TransactionId;
import java.util.List;

/** What became of a command that was not refused. */
public sealed interface Decision<E> {

    /**
     * Its events were appended.
     *
     * @param events one or more
     */
    record Appended<E>(List<E> events, AppendResult result) implements Decision<E> {
        public Appended {
            events = List.copyOf(events);
        }
    }

    /** Nothing was to happen, so nothing was appended, and its key is not remembered. */
    record Nothing<E>() implements Decision<E> {}

    /**
     * Its key was known, so nothing was decided.
     *
     * @param first the transaction that the key stands for
     */
    record AlreadyApplied<E>(TransactionId first) implements Decision<E> {}
}
