package dev.evstore.core.projection.engine;

import dev.evstore.core.CanonicalReads;
import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedPage;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.EventId;
import dev.evstore.core.projection.Order;
import dev.evstore.core.projection.Projection;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Folds one projection, a page at a time, ahead of what is written.
 *
 * <p>A canonical projection is built in canonical order up to a cursor taken at its start, then follows the feed from
 * there. A page of the feed is sorted by rows. A row whose new events all come behind its mark takes them; any other is
 * folded again from the newest image before the first place that is touched (rules O2, O3). Before a batch is given away,
 * it takes in every retraction that came since: so what it holds is the fold of what is visible, and of nothing else
 * (rule O1).
 *
 * <p>What a step throws leaves the engine useless: make another from what is written. Not thread-safe.
 *
 * @param <S> the state of a row
 */
public final class Engine<S> {

    private final Projection<S> projection;
    private final EventStore store;
    private final CanonicalReads reads;
    private final EventFilter filter;
    private final EngineLimits limits;
    private final Rows<S> rows;
    private final Folding<S> folding;
    private final RowFolds<S> folds;
    private final Unwritten<S> unwritten;
    private final Reach reach;
    private long passed;
    private long total;
    private @Nullable Digest digest;
    private long generation;
    private boolean atEnd;

    /**
     * @param reads those of the store
     * @param codec for events and states
     * @param rowStore holds what was written with {@code start}
     * @param excluded events that a person took out
     */
    public Engine(
            Projection<S> projection,
            EventStore store,
            CanonicalReads reads,
            EventCodec<?> codec,
            RowStore rowStore,
            Checkpoint start,
            Collection<EventId> excluded,
            EngineLimits limits) {
        this.projection = projection;
        this.store = store;
        this.reads = reads;
        this.filter = projection.filter(codec);
        this.limits = limits;
        boolean imaged = isCanonical() && projection.hasStates();
        this.rows = new Rows<>(rowStore, new StateCodec<>(codec.payloads(), projection.stateType()), limits, imaged);
        this.reach = new Reach(start);
        Members members = new Members(rowStore);
        RowEvents rowEvents = new RowEvents(store, projection.kind(), filter, members, limits.page());
        Memos memos = new Memos(rowStore, codec.payloads(), projection.effects());
        this.folding = new Folding<>(projection, codec, memos, excluded, start.redacted());
        this.folds = new RowFolds<>(projection, reach, rowStore, rows, members, rowEvents, folding);
        this.unwritten = new Unwritten<>(rowStore, rows, members, folding, memos, limits);
        this.passed = start.passed();
        this.total = start.total();
        this.digest = start.digest();
        this.generation = start.generation();
    }

    /** The start of a projection that has no rows, at this moment of the store (rule R1). */
    public static Checkpoint beginning(Projection<?> projection, EventStore store) {
        CanonicalReads.Moment now = store.canonicalReads().now();
        boolean canonical = projection.order() == Order.CANONICAL;
        return new Checkpoint(
                canonical ? now.end() : FeedCursor.beginning(),
                canonical,
                null,
                0,
                now.events(),
                0,
                null,
                now.generation());
    }

    /**
     * Reads a page and folds it.
     *
     * @return whether more is there to be done at once
     * @throws ProjectionFailedException an event or state fails, and the policy is to stop
     * @throws RebuildNeededException the state can't be brought up to date
     * @throws dev.evstore.core.StaleCursorException the store's index is another one
     */
    public boolean step() {
        if (reach.building) {
            build();
        } else {
            follow();
        }
        rows.trim();
        return !atEnd;
    }

    private boolean isCanonical() {
        return projection.order() == Order.CANONICAL;
    }

    private void build() {
        CanonicalReads.Part part = reads.all(filter, reach.place, reach.cursor.arrivals(), limits.page());
        part.events().forEach(folds::give);
        passed += part.passed();
        reach.place = part.next();
        if (reach.place == null) {
            reach.building = false;
        }
    }

    private void follow() {
        FeedPage page = store.readFeed(reach.cursor, filter, limits.page());
        take(page);
        atEnd = page.atEnd();
    }

    private void take(FeedPage page) {
        Touched touched = folds.touched(page.entries());
        passed += page.entries().size();
        reach.cursor = page.next();
        generation = page.generation();
        digest = null;
        folds.fold(touched, unwritten::makeRoom);
    }

    /**
     * What is to be written, with everything in it that was retracted meanwhile. From then on the engine goes on ahead of
     * it.
     *
     * @return null if nothing has changed since the last time, the cursor included
     * @throws ProjectionFailedException as {@link #step}
     * @throws RebuildNeededException as {@link #step}
     */
    public @Nullable Batch freeze(Checkpoint last) {
        if (!reach.building) {
            settle();
        }
        Checkpoint now = checkpoint();
        return unwritten.isEmpty() && now.equals(last) ? null : unwritten.freeze(now);
    }

    private void settle() {
        FeedPage gone = retractions();
        while (!gone.next().equals(reach.cursor)) {
            take(gone);
            gone = retractions(); // the rows folded again may lack what went since
        }
        if (atEnd && digest == null) {
            CanonicalReads.Moment now = reads.now();
            digest = now.end().equals(reach.cursor) ? now.digest() : null;
        }
    }

    private FeedPage retractions() {
        return reads.retractions(reach.cursor, filter, limits.page());
    }

    /** How far it is, ahead of what is written. */
    public Checkpoint checkpoint() {
        return new Checkpoint(
                reach.cursor, reach.building, reach.place, passed, total, folding.redacted(), digest, generation);
    }

    /** The number of the batch that {@link #freeze} gave last. */
    public long frozen() {
        return rows.frozen();
    }

    /** That batch and all before it are written: what they hold need not be in memory any more. */
    public void written(long batch) {
        rows.written(batch);
    }

    /** Whether as much waits to be written as may be held, or a part of it is: then the next thing is {@link #freeze}. */
    public boolean full() {
        return unwritten.isDue();
    }

    /** Whether everything that was visible has been given, as far as a step has seen. */
    public boolean atEnd() {
        return atEnd && !reach.building;
    }

    /** How many events were given to rows so far, again and again where they were folded again. */
    public long given() {
        return folding.given();
    }

    /** How many rows are changed and not given away to be written. */
    public int waiting() {
        return rows.waiting();
    }

    /** How many times a row was folded again. */
    public long refolded() {
        return folds.refolded();
    }

    /**
     * Folds a row again from its start, and tells whether it comes out as it is; if not, the code has changed (rule S9).
     * To be asked when all is written. Where it can't be told, as of a row without a state, nothing is said against it.
     */
    public boolean stillFolds(String key) {
        if (!isCanonical() || reach.building || !projection.hasStates()) {
            return true;
        }
        return folds.stillFolds(key) || !retractions().next().equals(reach.cursor); // then it lacks what the row has
    }

    /**
     * Gives events again that failed, and leaves out what is excluded from now on: their rows are folded again, and the next
     * batch holds both.
     *
     * @throws ProjectionFailedException one fails that did not before, and the policy is to stop
     * @throws RebuildNeededException the projection does not keep what its rows were folded from
     */
    public void again(Collection<EventId> events, Collection<EventId> nowExcluded) {
        folds.again(events, nowExcluded, unwritten::makeRoom);
    }
}
