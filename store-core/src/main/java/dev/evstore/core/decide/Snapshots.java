package dev.evstore.core.decide;

import dev.evstore.core.id.StreamId;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Folded states of one decider, to go on from. Losing one costs a longer fold, nothing else; what comes back must be
 * what was kept under that very key. Whether it still holds of the stream is checked by who loads, each time.
 * Thread-safe.
 */
public interface Snapshots<S> {

    /**
     * What a snapshot is of and what made it. Code of another version or with another shape of state has another key, so
     * that it never goes on from what it would have folded otherwise, nor has to read it.
     *
     * @param madeBy fit for a file or a column: the declared version, then the state's class and, of a record, its
     *     components
     */
    record Key(StreamId stream, String madeBy) {

        /**
         * @param version counts up when decider or codec would fold otherwise, from 1
         * @param shape the class of the decider's initial state
         */
        static Key of(StreamId stream, int version, Class<?> shape) {
            String components = shape.isRecord()
                    ? Arrays.stream(shape.getRecordComponents())
                            .map(component -> component.getGenericType().getTypeName() + " " + component.getName())
                            .collect(Collectors.joining(", ", "(", ")"))
                    : "";
            return new Key(stream, version + " " + shape.getName() + components);
        }
    }

    /** The one kept last under the key, if it is still there. */
    Optional<Folded<S>> latest(Key key);

    /** In place of an earlier one. */
    void keep(Key key, Folded<S> folded);

    /**
     * In memory, those that were used last.
     *
     * @param most how many, at least 1
     */
    static <S> Snapshots<S> inMemory(int most) {
        return new MemorySnapshots<>(most);
    }

    /** None at all: every load folds the whole stream. */
    static <S> Snapshots<S> none() {
        return new Snapshots<>() {
            @Override
            public Optional<Folded<S>> latest(Key key) {
                return Optional.empty();
            }

            @Override
            public void keep(Key key, Folded<S> folded) {}
        };
    }
}
