package dev.evstore.core.decide;

import dev.evstore.core.id.StreamId;
import java.util.Optional;

/**
 * Folded states of one decider, to go on from. Losing one costs a longer fold, nothing else; what comes back must be
 * what was kept, of the same version of the decider and its codec: who keeps them longer than the process keeps that
 * version beside them. Whether one still holds is checked by who loads, each time. Thread-safe.
 */
public interface Snapshots<S> {

    /** The one kept last for the stream, if it is still there. */
    Optional<Folded<S>> latest(StreamId stream);

    /** In place of an earlier one. */
    void keep(StreamId stream, Folded<S> folded);

    /**
     * In memory, those of the streams that were used last.
     *
     * @param most how many streams, at least 1
     */
    static <S> Snapshots<S> inMemory(int most) {
        return new MemorySnapshots<>(most);
    }

    /** None at all: every load folds the whole stream. */
    static <S> Snapshots<S> none() {
        return new Snapshots<>() {
            @Override
            public Optional<Folded<S>> latest(StreamId stream) {
                return Optional.empty();
            }

            @Override
            public void keep(StreamId stream, Folded<S> folded) {}
        };
    }
}
