package dev.evstore.core.merge;

import dev.evstore.core.append.StoreView;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.reconcile.ForkReads;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** A store as merge mode needs it. Each answer is of one moment, and no lock is held between them. */
public interface ForkSource extends ForkReads {

    /** The forks, in units (rule F5). */
    List<ForkUnit> forks();

    /** Answers from the store at one moment; the view is of no use afterwards. */
    <T> T look(Function<StoreView, T> question);

    /** Ids of more milliseconds than this are not followed (rule I6). */
    long followedUntil();

    /** What became of a merge transaction. */
    enum Published {
        /** It is written and visible. */
        WRITTEN,
        /** The identical transaction was there already; nothing was written. */
        THERE,
        /** The store has changed so that it would not do any more; nothing was written. */
        MOVED
    }

    /**
     * Publishes a merge transaction as an append is, if the store still stands as it has to. Checks and writes under the
     * store's lock.
     *
     * @param stands asked of the store as it is then
     */
    Published publish(Transaction merge, Predicate<StoreView> stands);
}
