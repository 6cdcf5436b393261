package dev.evstore.core.subscription;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.StoreUnusableException;
import java.util.Collection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of subscriptions, by name, and the one seat each name has: whoever sits on it is active. Thread-safe.
 * Every method throws {@link StoreUnusableException} when the books can't be read or written.
 */
public interface Books extends AutoCloseable {

    /** Books that last as long as the process. */
    static Books inMemory() {
        return new MemoryBooks();
    }

    /**
     * Makes a name known, unless it is; from then on not even a power cut takes it back: it would begin later, and miss
     * what was between.
     */
    void enter(String name, Supplier<FeedCursor> start);

    /** Where a known name stands. */
    FeedCursor position(String name);

    /** Takes the seat of a known name; null while somebody has it. */
    @Nullable
    Seat take(String name);

    @Override
    void close();

    /** The right to be the active one. Used by the thread that took it. */
    interface Seat extends AutoCloseable {

        /** Whether this was told to be retracted and has not returned since (rule P7). */
        boolean remembers(Told told);

        /**
         * Remembers all of this, or nothing.
         *
         * @param position up to where everything has been told
         * @param retracted what was told to be retracted
         * @param returned what has returned, and is forgotten
         * @throws SeatLostException somebody else has taken the seat meanwhile; nothing changed
         */
        void save(FeedCursor position, Collection<Told> retracted, Collection<Told> returned);

        /** Gives the seat up. */
        @Override
        void close();
    }

    /** Whoever thought to be the active one is not. */
    final class SeatLostException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public SeatLostException(String name) {
            super("the subscription " + name + " has been taken over");
        }
    }
}
