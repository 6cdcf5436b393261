package dev.evstore.core.history;

import dev.evstore.core.id.Digest;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.TransactionId;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/** Everything that follows from a set of transactions, by definition and nothing else. Immutable. */
public final class History {

    private History() {}

    /**
     * @param copies valid transactions in any order; several of one id are settled by rule I5
     */
    public static History of(Collection<TransactionHeader> copies) {
        throw new UnsupportedOperationException();
    }

    /** The transactions in canonical order (rule I3), with what is redacted in any copy redacted. */
    public SortedMap<TransactionId, TransactionHeader> transactions() {
        throw new UnsupportedOperationException();
    }

    /** The ids of which different contents were given, whichever counts (rule I5). */
    public SortedSet<TransactionId> variants() {
        throw new UnsupportedOperationException();
    }

    /** Every stream named as written, ascending. */
    public SortedSet<StreamId> streams() {
        throw new UnsupportedOperationException();
    }

    /** A stream's events in canonical order; its version is how many. */
    public List<EventId> events(StreamId stream) {
        throw new UnsupportedOperationException();
    }

    public StreamState state(StreamId stream) {
        throw new UnsupportedOperationException();
    }

    /** Rule F1, ascending. */
    public List<TransactionId> heads(StreamId stream) {
        throw new UnsupportedOperationException();
    }

    /** The forks in units (rules F2, F4, F5). */
    public List<ForkUnit> forks() {
        throw new UnsupportedOperationException();
    }

    /** Rule F7, ascending. */
    public SortedSet<StreamId> incomplete() {
        throw new UnsupportedOperationException();
    }

    /** Transactions that name a parent that is not here, ascending. */
    public SortedSet<TransactionId> dangling() {
        throw new UnsupportedOperationException();
    }

    /** Transactions that name a parent that is here with another trailer than they saw (rule I5), ascending. */
    public SortedSet<TransactionId> parentMismatches() {
        throw new UnsupportedOperationException();
    }

    /** Transactions that nobody names as parent, ascending. */
    public List<TransactionId> storeHeads() {
        throw new UnsupportedOperationException();
    }

    public Digest digest() {
        throw new UnsupportedOperationException();
    }
}
