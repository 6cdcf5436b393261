package dev.evstore.fs;

import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.codec.PayloadException;
import dev.evstore.core.codec.Payloads;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.Names;
import dev.evstore.core.projection.FailedEvent;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.fs.projection.Crews;
import dev.evstore.fs.projection.Desk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The projections of a store as they can be seen, and asked for something, by a program that does not have their code:
 * from what is kept beside the store. What is asked is remembered, and done by the host that works on the projection,
 * now or when one is opened. Thread-safe.
 */
public final class Projections implements AutoCloseable {

    private static final int MOST_FAILURES = 1_000;

    private final FileEventStore store;
    private final Crews crews;

    private Projections(FileEventStore store, Crews crews) {
        this.store = store;
        this.crews = crews;
    }

    /** Those of an open store, which stays open longer than this. */
    public static Projections of(FileEventStore store) {
        store.requireWritable("projections keep their state beside the index");
        return new Projections(store, FileProjectionHost.crews(store, withoutTypes(), ProjectionOptions.defaults()));
    }

    /** A codec that nothing is decoded with. */
    private static EventCodec<?> withoutTypes() {
        Payloads none = new Payloads() {
            @Override
            public String write(Object value) {
                throw new PayloadException("nothing is written here");
            }

            @Override
            public <T> T read(String json, Class<T> type) {
                throw new PayloadException("nothing is read here");
            }
        };
        return EventCodec.of(Object.class, none)
                .type("nothing", Projections.class)
                .build();
    }

    /** The projections that were ever opened here, by name. */
    public List<String> names() {
        try {
            return crews.known();
        } catch (IOException e) {
            throw FileEventStore.unusable(store.opened().layout(), e);
        }
    }

    /**
     * Where one stands.
     *
     * @throws IllegalArgumentException it was never opened here
     */
    public ProjectionStatus status(String name) {
        try (Desk desk = desk(name)) {
            return desk.status();
        }
    }

    /** Where all stand, by name. */
    public List<ProjectionStatus> statuses() {
        List<ProjectionStatus> all = new ArrayList<>();
        names().forEach(name -> all.add(status(name)));
        return all;
    }

    /** A row as it is stored; empty if there is none, or nothing can be served. */
    public Optional<StoredView> stored(String name, String key) {
        try (Desk desk = desk(name)) {
            return Optional.ofNullable(desk.row(key)).map(FileProjectionHost::stored);
        }
    }

    /**
     * Rows as they are stored, by UTF-8 bytes.
     *
     * @param after the key to go on behind, or empty for the start
     * @param limit the most wanted, at least 1
     */
    public List<StoredView> stored(String name, String prefix, String after, int limit) {
        try (Desk desk = desk(name)) {
            return desk.rows(prefix, after, limit).stream()
                    .map(FileProjectionHost::stored)
                    .toList();
        }
    }

    /** Events of the served state that failed: at most 1,000, parked ones first. */
    public List<FailedEvent> failures(String name) {
        try (Desk desk = desk(name)) {
            return desk.failures(MOST_FAILURES);
        }
    }

    /** @see ProjectionHost#rebuild */
    public void rebuild(String name) {
        try (Desk desk = toAsk(name)) {
            desk.rebuild();
        }
    }

    /** @see ProjectionHost#retry */
    public void retry(String name) {
        try (Desk desk = toAsk(name)) {
            desk.retry();
        }
    }

    /** @see ProjectionHost#skip */
    public void skip(String name, EventId event) {
        try (Desk desk = toAsk(name)) {
            desk.skip(event);
        }
    }

    /** @see ProjectionHost#pause */
    public void pause(String name) {
        try (Desk desk = toAsk(name)) {
            desk.pause();
        }
    }

    /** @see ProjectionHost#resume */
    public void resume(String name) {
        try (Desk desk = toAsk(name)) {
            desk.resume();
        }
    }

    /**
     * Removes what is kept of a projection, of every version: rows, failures, what was asked of it, the results of its
     * effects. A host that is opened with it later builds it anew.
     *
     * @return false if somebody works on it: then nothing is removed
     * @throws IllegalArgumentException it was never opened here
     */
    public boolean forget(String name) {
        try (Desk desk = desk(name)) {
            return desk.forget();
        } catch (IOException e) {
            throw FileEventStore.unusable(store.opened().layout(), e);
        }
    }

    /** What is asked of a projection that was never opened here is done when it is. */
    private Desk toAsk(String name) {
        Projection.named(name);
        return crews.desk(name);
    }

    private Desk desk(String name) {
        if (!names().contains(name)) {
            throw new IllegalArgumentException(
                    "there is no projection " + Names.quoted(name) + " in this store; there are " + names());
        }
        return crews.desk(name);
    }

    @Override
    public void close() {
        crews.close();
    }
}
