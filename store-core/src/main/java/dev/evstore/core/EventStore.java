package dev.evstore.core;

import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.history.StaleRead;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.Resolver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store of immutable events that replicas write apart and merge. Streams read in the canonical order, which is the
 * same on every replica; the feed reads in this replica's local-ingestion order, which never rewinds.
 *
 * <p>Thread-safe. Every method but {@link #close()} throws {@link IllegalStateException} once the store is closed, and
 * {@link StoreUnusableException} when the store's files or index can't be used.
 */
public interface EventStore extends AutoCloseable {

    /** The largest page {@link #readFeed} gives, in entries; a larger limit is taken for this. */
    int MAX_PAGE = 10_000;

    /** Who this working copy is. */
    ReplicaId replica();

    /** A whole stream in canonical order; an unknown stream is an empty slice. */
    default StreamSlice read(StreamId stream) {
        return read(stream, ReadOptions.forwards());
    }

    /** A part of a stream, in canonical order or backwards; an unknown stream is an empty slice. */
    StreamSlice read(StreamId stream, ReadOptions options);

    /**
     * The events of a stream after what was seen of it, if what was seen is still how the stream begins: the very
     * same transactions, the same events redacted. Empty if something arrived late, was retracted or redacted among them,
     * or if a merge without events came since, which leaves no trace among the events; then read the whole stream. So
     * what was derived from the state seen can be gone on with, and never wrongly (T44).
     *
     * <p>Costs a look at each transaction after what was seen, and nothing for what was before.
     *
     * @param seen a state that this or another replica's stream had
     */
    default Optional<StreamSlice> readSince(StreamId stream, StreamState seen) {
        return Since.read(this, stream, seen);
    }

    /**
     * The events of the whole store in canonical order, which is the same on every replica (rule I3).
     *
     * <p>Read in pages while the iterator goes on: each page is of one moment, one page is in memory, and nothing is held
     * between pages, so an iterator may be left where it is. What is appended or arrives canonically behind the reading
     * place (ahead of it, when reading backwards) is met; what arrives late, on the side already read, is not, and what
     * is retracted there was already given. The versions of events are those of their page's moment. To miss nothing,
     * ever, read the feed. Every {@code iterator()} reads anew; an iterator is for one thread and throws {@link
     * IllegalStateException} once the store is closed.
     */
    Iterable<StoredEvent> readAll(ReadAllOptions options);

    /**
     * The transactions canonically before one, the last first, those without events too; without payloads. It reads in
     * pages, as {@link #readAll} does.
     *
     * @param before where to begin, itself left out, or null for the end; it need not be here
     */
    Iterable<TransactionHeader> readLog(@Nullable TransactionId before);

    /** A visible transaction with its events, at one moment; empty if it is not here. */
    Optional<StoredTransaction> readTransaction(TransactionId id);

    /** A visible event; empty if it is not here. */
    Optional<StoredEvent> findEvent(EventId id);

    /** The visible transaction that a command stands for: the canonically first of it (rule A6); empty if none is here. */
    Optional<TransactionId> findCommand(String command);

    /**
     * Appends to one stream.
     *
     * @see #append(Append)
     */
    default AppendResult append(StreamId stream, ExpectedVersion expected, NewEvent... events) {
        return append(Append.to(stream, expected, events));
    }

    /**
     * Appends one transaction, all or nothing over all its streams (rule A1). When it returns, the transaction is as
     * durable as the store was opened to be.
     *
     * @throws WrongExpectedVersionException a stream is not as expected; nothing was written
     * @throws StreamForkedException a stream is forked and the append does not accept that; nothing was written
     * @throws CommandReusedException the command was used for something else; nothing was written
     * @throws StreamReadOnlyException a stream holds events of a newer format; nothing was written
     * @throws IllegalArgumentException something breaks a limit or rule of the format; nothing was written
     * @throws WriteFailedException disk trouble; it tells whether anything was written
     */
    AppendResult append(Append append);

    /**
     * Appends one transaction after the other and stops at the first that fails: those before it are in the store, those
     * after it were not tried. A store on files writes many of them to one file and syncs once for all, so this is the
     * way to bring in many.
     */
    default AppendedAll appendAll(List<Append> appends) {
        List<AppendResult> results = new ArrayList<>();
        for (Append append : appends) {
            try {
                results.add(append(append));
            } catch (StoreException | IllegalArgumentException e) {
                return new AppendedAll(results, e);
            }
        }
        return new AppendedAll(results, null);
    }

    /**
     * The next entries in local-ingestion order: first the retractions of what the consumer saw, then arrivals (rules
     * P3, P6). What it returns is durable in the index before it returns (rule P4).
     *
     * @param after where the consumer stands; {@link FeedCursor#beginning()} for the start
     * @param filter applied before the limit
     * @param limit the most entries wanted, at least 1; the page may be longer by the rest of its last transaction
     * @throws StaleCursorException the cursor is not of this index (rule P5)
     */
    FeedPage readFeed(FeedCursor after, EventFilter filter, int limit);

    /**
     * Where a consumer stands that has seen everything that is visible now: for starting at this moment without reading
     * what was before. As durable as a page's cursor.
     */
    FeedCursor feedEnd();

    /** Reads in canonical order of what a cursor has seen: for read models that are folded from them. */
    CanonicalReads canonicalReads();

    /** Looks for event files that came or went, whoever moved them, and takes them in. */
    RefreshReport refresh();

    /** The streams whose names begin with {@code prefix}, ascending by their UTF-8 bytes. */
    List<StreamInfo> streams(String prefix);

    /** The forks, in units that have to be resolved together (rule F5). */
    List<ForkUnit> forks();

    /**
     * Ends forks by what a resolver says of them, each unit on its own (rule M3): a merge transaction supersedes all heads
     * of the unit's streams, or the unit is left as it is and the report says why. Looks for files that came or went
     * first. What is written is as durable, and as soon visible, as what is appended; the same fork, resolved alike
     * elsewhere, is the same transaction and makes no new fork (rule M2). Resolved differently, or over other heads, it is
     * a fork of resolutions: exchange before reconciling again.
     *
     * <p>The resolver is called without a lock held. If a unit's heads change meanwhile, nothing is written and it is asked
     * again, a few times.
     *
     * @throws WriteFailedException disk trouble; units resolved before stay resolved
     */
    ReconcileReport reconcile(Resolver resolver, ReconcileOptions options);

    /**
     * The reads that saw other heads than stood canonically before them (rule F6), by transaction and stream: decisions
     * that somebody may want to look at again. Worked out on demand, of one moment: every stream that was only read by
     * some transaction is walked once, from now back to its oldest reader. All of the result is in memory.
     */
    List<StaleRead> staleReads();

    /** The digest of all visible transactions: equal exactly when two replicas hold the same. */
    Digest digest();

    /** Where things stand. */
    StoreStatus status();

    /**
     * Follows the feed under a name, on a thread of the subscription's own. Returns at once; a name that is new to the
     * store is remembered before, with the start that the options state.
     *
     * <p>A store opened read-only refuses: a position is a write, and who of a name is active can't be known there.
     *
     * @param name whose position it is: 1 to 255 bytes of UTF-8, as a stream's name
     * @param filter what is told; a name may come with another filter, which holds from its position on
     */
    Subscription subscribe(String name, EventFilter filter, SubscriptionOptions options, SubscriptionHandler handler);

    /**
     * Has something called after transactions became visible or went by this object's doing: its appends, and its looks
     * at the files. What other processes append is seen by who reads, or subscribes. Changes in quick succession may be
     * told as one. It is called on one thread of the store's, under no lock, and what it throws is logged.
     */
    Watch onChange(Runnable listener);

    /** A listener that is there until it is closed; a call under way then is not waited for. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Ends this store's subscriptions and threads and frees its files. Idempotent. What was acknowledged is kept. */
    @Override
    void close();
}
