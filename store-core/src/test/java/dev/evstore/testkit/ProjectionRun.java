package dev.evstore.testkit;

import dev.evstore.core.EventStore;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.id.EventId;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.engine.Batch;
import dev.evstore.core.projection.engine.Checkpoint;
import dev.evstore.core.projection.engine.Engine;
import dev.evstore.core.projection.engine.EngineLimits;
import dev.evstore.core.projection.engine.RebuildNeededException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/**
 * A projection of a store, step by step and by hand: what a host does with threads and a database. Not thread-safe.
 *
 * @param <S> the state of a row
 */
public final class ProjectionRun<S> {

    private final Projection<S> projection;
    private final EventStore store;
    private final EventCodec<?> codec;
    private final EngineLimits limits;
    /** What is left out from the start. */
    private final List<EventId> excluded = new ArrayList<>();
    /** The numbers of the batches that were given and not committed. */
    private final Deque<Long> given = new ArrayDeque<>();

    private MemoryRows rows = new MemoryRows();
    private Checkpoint last;
    private Engine<S> engine;
    private int rebuilds;

    public ProjectionRun(Projection<S> projection, EventStore store, EventCodec<?> codec, EngineLimits limits) {
        this.projection = projection;
        this.store = store;
        this.codec = codec;
        this.limits = limits;
        this.last = Engine.beginning(projection, store);
        this.engine = anew();
    }

    private Engine<S> anew() {
        List<EventId> all = new ArrayList<>(excluded);
        all.addAll(rows.committed().excluded());
        return new Engine<>(projection, store, store.canonicalReads(), codec, rows, last, all, limits);
    }

    public MemoryRows rows() {
        return rows;
    }

    public Engine<S> engine() {
        return engine;
    }

    /** How often it was built anew. */
    public int rebuilds() {
        return rebuilds;
    }

    /**
     * One page. A projection that can't go on from what it has begins anew.
     *
     * @return whether more is there to be done at once
     */
    public boolean step() {
        try {
            return engine.step();
        } catch (RebuildNeededException e) {
            rebuild();
            return true;
        }
    }

    /**
     * What is to be written is given away.
     *
     * @return whether there was anything
     */
    public boolean freeze() {
        Batch batch;
        try {
            batch = engine.freeze(last);
        } catch (RebuildNeededException e) {
            rebuild();
            return false;
        }
        if (batch == null) {
            return false;
        }
        last = Objects.requireNonNull(batch.checkpoint());
        rows.give(batch);
        given.addLast(engine.frozen());
        return true;
    }

    /** The oldest of what was given is written, if there is any. */
    public void commit() {
        if (!given.isEmpty()) {
            rows.commit();
            engine.written(given.removeFirst());
        }
    }

    /** The process ends and another begins with what is written. */
    public void crash() {
        rows.crash();
        given.clear();
        Checkpoint written = rows.committed().checkpoint();
        last = written == null ? Engine.beginning(projection, store) : written;
        engine = anew();
    }

    /** All is folded from the start. */
    public void rebuild() {
        rebuilds++;
        excluded.addAll(rows.seen().excluded());
        rows = new MemoryRows();
        given.clear();
        last = Engine.beginning(projection, store);
        engine = anew();
    }

    /** As {@link Engine#again}. */
    public void again(Collection<EventId> events, Collection<EventId> nowExcluded) {
        engine.again(events, nowExcluded);
    }

    /** To the end of what is visible, all written, with a freeze whenever as much waits as may be held. */
    public void catchUp() {
        while (step()) {
            if (engine.full()) {
                write();
            }
        }
        write();
    }

    /**
     * To the end of what is visible, by processes of which each ends at a write: one just before it is committed, the next
     * just after.
     */
    public void catchUpEndingAtEachWrite() {
        boolean more;
        crash();
        do {
            step();
            freeze();
            crash();
            more = step();
            write();
            crash();
        } while (more);
    }

    /** Everything so far is written. */
    public void write() {
        freeze();
        while (!given.isEmpty()) {
            commit();
        }
    }
}
