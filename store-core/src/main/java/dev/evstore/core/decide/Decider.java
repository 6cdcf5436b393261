package dev.evstore.core.decide;

import dev.evstore.core.event.RedactedEvent;
import java.util.List;

/**
 * How an application decides about a stream. Pure functions: they are called again whenever a stream is read again, and
 * states are shared.
 *
 * @param <C> what can be asked for
 * @param <E> what can happen
 * @param <S> what is known of a stream; immutable
 */
public interface Decider<C, E, S> {

    /** The state of a stream that has no events. */
    S initial();

    /** The state after an event. The events of a stream come in canonical order. */
    S evolve(S state, E event);

    /**
     * The state after an event whose payload was taken out: that it happened, and its type, is what is left. The state
     * stays as it is unless this says otherwise.
     */
    default S evolveRedacted(S state, RedactedEvent event) {
        return state;
    }

    /**
     * What is to happen: possibly nothing.
     *
     * @throws RuntimeException of the application's own, if the command is refused; whoever runs it gets just that, and
     *     nothing is appended
     */
    List<E> decide(C command, S state);
}
