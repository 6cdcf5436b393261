package dev.evstore.core.projection.engine;

import dev.evstore.core.FeedEntry;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.EventId;
import dev.evstore.core.projection.ErrorPolicy;
import dev.evstore.core.projection.Order;
import dev.evstore.core.projection.Projection;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Brings events into their rows: behind all that a row was given, or, where they belong before that, by folding it again
 * (rules O2, O3). Not thread-safe.
 */
final class RowFolds<S> {

    private final Projection<S> projection;
    private final Reach reach;
    private final RowStore rowStore;
    private final Rows<S> rows;
    private final Members members;
    private final RowEvents rowEvents;
    private final Folding<S> folding;
    private long refolded;

    /**
     * @param reach what is given to rows, and by which policy, as it is at each call
     */
    RowFolds(
            Projection<S> projection,
            Reach reach,
            RowStore rowStore,
            Rows<S> rows,
            Members members,
            RowEvents rowEvents,
            Folding<S> folding) {
        this.projection = projection;
        this.reach = reach;
        this.rowStore = rowStore;
        this.rows = rows;
        this.members = members;
        this.rowEvents = rowEvents;
        this.folding = folding;
    }

    private boolean isCanonical() {
        return projection.order() == Order.CANONICAL;
    }

    /** Of an event that fails where it has not been before. */
    private ErrorPolicy policy(EventId event) {
        return reach.building ? projection.rebuildPolicy() : projection.livePolicy();
    }

    /** Of an event that fails again, what was decided of it before: a policy is asked once (rule R4). */
    private ErrorPolicy policyAgain(String key, @Nullable Failure inMemory, EventId event) {
        Failure before = inMemory == null ? rowStore.failure(key, event) : inMemory;
        if (before == null) {
            return policy(event);
        }
        return before.parked() ? ErrorPolicy.PARK : ErrorPolicy.SKIP;
    }

    /** What a page of the feed does to which rows; of an {@code ARRIVAL} view it is done at once. */
    Touched touched(List<FeedEntry> entries) {
        Touched touched = new Touched();
        for (FeedEntry entry : entries) {
            if (entry instanceof FeedEntry.Retraction retraction) {
                retracted(retraction, touched);
            } else {
                arrived(((FeedEntry.Arrival) entry).event(), touched);
            }
        }
        return touched;
    }

    private void arrived(StoredEvent event, Touched touched) {
        if (isCanonical()) {
            Folding.Incoming incoming = folding.incoming(event);
            join(incoming, this::policy).forEach(key -> touched.arrived(key, incoming));
        } else {
            give(event);
        }
    }

    /** Behind everything its rows have been given. */
    void give(StoredEvent event) {
        Folding.Incoming incoming = folding.incoming(event);
        for (String key : join(incoming, this::policy)) {
            Row<S> row = rows.get(key);
            folding.give(row, incoming, this::policy);
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

    /**
     * Each row that is touched.
     *
     * @param makeRoom is called between two of them
     */
    void fold(Touched touched, Runnable makeRoom) {
        touched.rows().forEach((key, touch) -> {
            makeRoom.run();
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
            rowEvents.each(row.key, row.mark, reach.cursor.arrivals(), event -> {
                if (reach.has(event.id())) {
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

    /** As {@link Engine#again}. */
    void again(Collection<EventId> events, Collection<EventId> nowExcluded, Runnable makeRoom) {
        folding.exclude(nowExcluded);
        if (!isCanonical()) {
            throw new RebuildNeededException("events are to be given again to an ARRIVAL view");
        }
        Set<EventId> all = Stream.concat(events.stream(), nowExcluded.stream())
                .filter(reach::has)
                .collect(Collectors.toSet());
        Touched touched = new Touched();
        all.stream().map(EventId::transaction).distinct().forEach(transaction -> {
            if (projection.kind() == Projection.Kind.KEYED) {
                folding.forgetKeyless(transaction);
            }
            for (StoredEvent event : rowEvents.of(transaction, reach.cursor.arrivals())) {
                if (folding.passesOver(event) || !reach.has(event.id())) {
                    continue;
                }
                Collection<String> keys =
                        join(folding.incoming(event), failed -> policyAgain("", folding.decided(failed), failed));
                if (all.contains(event.id())) {
                    keys.forEach(key -> touched.changedFrom(key, event.id()));
                }
            }
        });
        fold(touched, makeRoom);
    }

    /** Whether a row comes out as it is when it is folded from its start. */
    boolean stillFolds(String key) {
        Row<S> row = rows.get(key);
        Row<S> again = new Row<>(key, false);
        rowEvents.each(
                key,
                null,
                reach.cursor.arrivals(),
                event -> folding.give(again, folding.incoming(event), failed -> ErrorPolicy.SKIP));
        return again.count == row.count && rows.sameState(row, again);
    }

    /** How many times a row was folded again. */
    long refolded() {
        return refolded;
    }
}
