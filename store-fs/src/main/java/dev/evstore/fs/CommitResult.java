package dev.evstore.fs;

import dev.evstore.core.id.TransactionId;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What was committed. Immutable.
 *
 * @param commit the commit's id, as git writes it; empty if there was nothing to commit
 * @param transactions how many transactions are new to HEAD
 * @param events how many events are in them
 * @param files the event files that are new to HEAD, as paths from the store's directory with {@code /}, ascending
 * @param leftOut transactions that were asked for and not committed because a parent of theirs isn't, ascending
 * @param flawed event files that were not committed because not every line of theirs is of a valid transaction, ascending
 */
public record CommitResult(
        Optional<String> commit,
        long transactions,
        long events,
        List<String> files,
        List<LeftOut> leftOut,
        List<String> flawed) {

    public CommitResult {
        files = List.copyOf(files);
        leftOut = List.copyOf(leftOut);
        flawed = List.copyOf(flawed);
    }

    /**
     * A transaction that waits.
     *
     * @param file where it stands, as a path from the store's directory
     * @param missing the parents that are neither in HEAD nor in the commit; empty where another transaction of its file
     *     waits
     */
    public record LeftOut(TransactionId transaction, String file, SortedSet<TransactionId> missing) {

        public LeftOut {
            missing = Collections.unmodifiableSortedSet(new TreeSet<>(missing));
        }

        LeftOut(TransactionId transaction, String file, Set<TransactionId> missing) {
            this(transaction, file, (SortedSet<TransactionId>) new TreeSet<>(missing));
        }
    }

    /** Nothing was to be committed. */
    static CommitResult nothing() {
        return new CommitResult(Optional.empty(), 0, 0, List.of(), List.of(), List.of());
    }

    /** Both told as one; what waits is what the later one left. */
    CommitResult and(CommitResult later) {
        SortedSet<String> all = new TreeSet<>(files);
        all.addAll(later.files);
        return new CommitResult(
                later.commit.or(() -> commit),
                transactions + later.transactions,
                events + later.events,
                List.copyOf(all),
                later.leftOut,
                later.flawed);
    }

    /** Whether every event file that is here is committed now. */
    public boolean isWhole() {
        return leftOut.isEmpty() && flawed.isEmpty();
    }
}
