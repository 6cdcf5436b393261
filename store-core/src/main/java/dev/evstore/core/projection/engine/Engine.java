package dev.evstore.core.projection.engine;

import dev.evstore.core.CanonicalReads;
import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.EventId;
import dev.evstore.core.projection.ErrorPolicy;
import dev.evstore.core.projection.Order;
import dev.evstore.core.projection.Projection;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    private final RowStore rowStore;
    private final Rows<S> rows;
    private final Members members;
    private final RowEvents rowEvents;
    private final Memos memos;
    private final Folding<S> folding;
    private FeedCursor cursor;
    private boolean building;
    private @Nullable EventId place;
    private long passed;
    private long total;
    private @Nullable Digest digest;
    private long generation;
    private boolean atEnd;
    private long refolded;
    /** Whether a part was written, so that something has to end it. */
    private boolean partly;

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
        this.rowStore = rowStore;
        boolean imaged = isCanonical() && projection.hasStates();
        this.rows = new Rows<>(rowStore, new StateCodec<>(codec.payloads(), projection.stateType()), limits, imaged);
        this.members = new Members(rowStore);
        this.rowEvents = new RowEvents(store, projection.kind(), filter, members, limits.page());
        this.memos = new Memos(rowStore, codec.payloads(), projection.effects());
        this.folding = new Folding<>(projection, codec, memos, excluded, start.redacted());
        this.cursor = start.cursor();
        this.building = start.building();
        this.place = start.place();
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
        if (building) {
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

    /** Of an event that fails where it has not been before. */
    private ErrorPolicy policy(EventId event) {
        return building ? projection.rebuildPolicy() : projection.livePolicy();
    }

    /** Of an event that fails again, what was decided of it before: a policy is asked once (rule R4). */
    private ErrorPolicy policyAgain(String key, @Nullable Failure inMemory, EventId event) {
        Failure before = inMemory == null ? rowStore.failure(key, event) : inMemory;
        if (before == null) {
            return policy(event);
        }
        return before.parked() ? ErrorPolicy.PARK : ErrorPolicy.SKIP;
    }

    private void build() {
        CanonicalReads.Part part = reads.all(filter, place, cursor.arrivals(), limits.page());
        for (StoredEvent event : part.events()) {
            give(folding.incoming(event));
        }
        passed += part.passed();
        place = part.next();
        if (place == null) {
            building = false;
        }
    }

    private void follow() {
        FeedPage page = store.readFeed(cursor, filter, limits.page());
        take(page);
        atEnd = page.atEnd();
    }

    private void take(FeedPage page) {
        Touched touched = new Touched();
        for (FeedEntry entry : page.entries()) {
            if (entry instanceof FeedEntry.Retraction retraction) {
                retracted(retraction, touched);
            } else {
                arrived(((FeedEntry.Arrival) entry).event(), touched);
            }
        }
        passed += page.entries().size();
        cursor = page.next();
        generation = page.generation();
        digest = null;
        fold(touched);
    }

    private void arrived(StoredEvent event, Touched touched) {
        Folding.Incoming incoming = folding.incoming(event);
        if (isCanonical()) {
            join(incoming, this::policy).forEach(key -> touched.arrived(key, incoming));
        } else {
            give(incoming);
        }
    }

    /** Behind everything its rows have been given. */
    private void give(Folding.Incoming event) {
        for (String key : join(event, this::policy)) {
            Row<S> row = rows.get(key);
            folding.give(row, event, this::policy);
            rows.changed(row);
        }
    }

    /** The rows that an event belongs to, noted where nothing else would tell later. */
    private Collection<String> join(Folding.Incoming event, Folding.OnError policy) {
        Collection<String> keys = folding.keys(event, policy);
        if (projection.kind() == Projection.Kind.KEYED && isCanonical()) {
            keys.forEach(key -> members.join(key, event.id()));
        }
        return keys;
    }

    private void retracted(FeedEntry.Retraction retraction, Touched touched) {
        if (!isCanonical()) {
            throw new RebuildNeededException(
                    "events were retracted that an ARRIVAL view has seen: " + retraction.transaction());
        }
        if (projection.kind() == Projection.Kind.KEYED) {
            for (Member member : members.of(retraction.transaction())) {
                members.leave(member);
                touched.changedFrom(member.key(), member.event());
            }
            folding.forgetKeyless(retraction.transaction());
            return;
        }
        for (FeedEntry.RetractedEvent event : retraction.events()) {
            String key = projection.kind() == Projection.Kind.SINGLE
                    ? ""
                    : event.stream().value();
            touched.changedFrom(key, new EventId(retraction.transaction(), event.ordinal()));
        }
    }

    /** Each row that is touched; what is too much to hold before the next becomes a part of the batch (rule W3). */
    private void fold(Touched touched) {
        touched.rows().forEach((key, touch) -> {
            if (isTooMuch()) {
                partly = true;
                do {
                    writePart(part(null));
                } while (rows.anyDirty());
                rows.trim();
            }
            fold(key, touch);
        });
    }

    private void fold(String key, Touched.Touch touch) {
        Row<S> row = rows.get(key);
        EventId from = touch.from;
        if (!touch.fresh.isEmpty()) {
            EventId first = touch.fresh.firstKey();
            EventId mark = row.mark;
            boolean behind = mark == null || first.compareTo(mark) > 0;
            if (!behind && (from == null || first.compareTo(from) < 0)) {
                from = first;
            }
        }
        if (from == null) {
            touch.fresh.values().forEach(event -> folding.give(row, event, this::policy));
        } else {
            refold(row, from, touch.fresh.keySet());
        }
        rows.changed(row);
    }

    /** Folds what stands behind a place again (rule O3). What is new is met there: it is visible. */
    private void refold(Row<S> row, EventId from, Set<EventId> fresh) {
        refolded++;
        EventId mark = row.mark;
        if (mark == null || from.compareTo(mark) <= 0) {
            AfterImages.Image<S> image = rows.before(row, from);
            if (image == null) {
                restart(row);
            } else {
                row.rewind(image);
            }
        }
        Folding.OnError policy =
                event -> fresh.contains(event) ? policy(event) : policyAgain(row.key, row.decided.get(event), event);
        try {
            rowEvents.each(row.key, row.mark, cursor.arrivals(), event -> {
                if (isGiven(event.id())) {
                    folding.give(row, folding.incoming(event), policy);
                }
            });
        } catch (ProjectionFailedException e) {
            throw e.because(", when its row was folded again from " + from + " on");
        }
    }

    /** Back to the row's start; what its events did beside its state is taken away. */
    private void restart(Row<S> row) {
        boolean done;
        try {
            done = row.count == 0 || projection.reset(row.key);
        } catch (UnwrittenException e) {
            throw e;
        } catch (RuntimeException e) {
            throw ProjectionFailedException.withheld(
                    "its reset threw " + e.getClass().getName(), "the row whose last event is " + row.mark, e);
        }
        if (!done) {
            throw new RebuildNeededException("an event came late or was retracted, and nothing resets its tables");
        }
        row.rewind(null);
    }

    /** Whether it is the turn of an event, or was: a build comes to the others. */
    private boolean isGiven(EventId event) {
        EventId last = place;
        return !building || (last != null && event.compareTo(last) <= 0);
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
        if (!building) {
            settle();
        }
        Checkpoint now = checkpoint();
        if (!partly
                && !rows.anyDirty()
                && members.changed() == 0
                && folding.changed() == 0
                && memos.made() == 0
                && now.equals(last)) {
            return null;
        }
        partly = false;
        Batch batch = part(now);
        while (rows.anyDirty()) {
            writePart(batch.asPart());
            batch = part(now);
        }
        return batch;
    }

    private void writePart(Batch part) {
        rowStore.writePart(part);
        rows.written(rows.frozen());
    }

    private void settle() {
        FeedPage gone = retractions();
        while (!gone.next().equals(cursor)) {
            take(gone);
            gone = retractions(); // the rows folded again may lack what went since
        }
        if (atEnd && digest == null) {
            CanonicalReads.Moment now = reads.now();
            digest = now.end().equals(cursor) ? now.digest() : null;
        }
    }

    private FeedPage retractions() {
        return reads.retractions(cursor, filter, limits.page());
    }

    /** How far it is, ahead of what is written. */
    public Checkpoint checkpoint() {
        return new Checkpoint(cursor, building, place, passed, total, folding.redacted(), digest, generation);
    }

    private Batch part(@Nullable Checkpoint checkpoint) {
        Members.Frozen frozen = members.freeze();
        Folding.Keyless keyless = folding.freezeKeyless();
        return new Batch(
                rows.freeze(),
                frozen.joined(),
                frozen.left(),
                keyless.failures(),
                keyless.gone(),
                memos.freeze(),
                checkpoint);
    }

    /** The number of the batch that {@link #freeze} gave last. */
    public long frozen() {
        return rows.frozen();
    }

    /** That batch and all before it are written: what they hold need not be in memory any more. */
    public void written(long batch) {
        rows.written(batch);
    }

    private boolean isTooMuch() {
        return rows.full() || members.changed() + folding.changed() + memos.made() >= limits.changes();
    }

    /** Whether as much waits to be written as may be held, or a part of it is: then the next thing is {@link #freeze}. */
    public boolean full() {
        return partly || isTooMuch();
    }

    /** Whether everything that was visible has been given, as far as a step has seen. */
    public boolean atEnd() {
        return atEnd && !building;
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
        return refolded;
    }

    /**
     * Folds a row again from its start, and tells whether it comes out as it is; if not, the code has changed (rule S9).
     * To be asked when all is written. Where it can't be told, as of a row without a state, nothing is said against it.
     */
    public boolean stillFolds(String key) {
        if (!isCanonical() || building || !projection.hasStates()) {
            return true;
        }
        Row<S> row = rows.get(key);
        Row<S> again = new Row<>(key, false);
        rowEvents.each(
                key,
                null,
                cursor.arrivals(),
                event -> folding.give(again, folding.incoming(event), failed -> ErrorPolicy.SKIP));
        return (again.count == row.count && rows.sameState(row, again))
                || !retractions().next().equals(cursor); // then it lacks what the row has
    }

    /**
     * Gives events again that failed, and leaves out what is excluded from now on: their rows are folded again.
     *
     * @throws ProjectionFailedException one fails that did not before, and the policy is to stop
     * @throws RebuildNeededException the projection does not keep what its rows were folded from
     */
    public void again(Collection<EventId> events, Collection<EventId> nowExcluded) {
        folding.exclude(nowExcluded);
        if (!isCanonical()) {
            throw new RebuildNeededException("events are to be given again to an ARRIVAL view");
        }
        Set<EventId> all = Stream.concat(events.stream(), nowExcluded.stream())
                .filter(this::isGiven)
                .collect(Collectors.toSet());
        Touched touched = new Touched();
        all.stream().map(EventId::transaction).distinct().forEach(transaction -> {
            if (projection.kind() == Projection.Kind.KEYED) {
                folding.forgetKeyless(transaction);
            }
            for (StoredEvent event : rowEvents.of(transaction, cursor.arrivals())) {
                if (folding.passesOver(event) || !isGiven(event.id())) {
                    continue;
                }
                Collection<String> keys =
                        join(folding.incoming(event), failed -> policyAgain("", folding.decided(failed), failed));
                if (all.contains(event.id())) {
                    keys.forEach(key -> touched.changedFrom(key, event.id()));
                }
            }
        });
        fold(touched);
    }
}
