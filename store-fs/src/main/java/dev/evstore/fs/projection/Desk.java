package dev.evstore.fs.projection;

import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.EventId;
import dev.evstore.core.projection.FailedEvent;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import dev.evstore.core.projection.SqlRow;
import dev.evstore.core.projection.SqlText;
import dev.evstore.core.projection.SqlView;
import dev.evstore.core.projection.engine.StoredRow;
import dev.evstore.fs.index.IndexException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What can be seen of a projection, and asked of it, by who has not its code: from what is committed, and from what its
 * host says. Thread-safe.
 */
public final class Desk implements AutoCloseable {

    private final String name;
    private final EventStore store;
    private final Control control;
    private final StateFiles files;
    private final @Nullable String version;
    private final Served served;
    /** Apart: a long query is not to hold up anything else. */
    private final Served queried;

    /**
     * @param version whose state is looked at first, or null for the one that was complete last
     */
    Desk(Workshop shop, String name, @Nullable String version) {
        this.name = name;
        this.store = shop.store();
        this.control = shop.control();
        this.files = StateFiles.of(shop.layout(), shop.disk(), name);
        this.version = version;
        Consumer<String> damaged = database -> control.ask(name, Control.Action.SET_ASIDE, database);
        this.served = new Served(files, version, damaged);
        this.queried = new Served(files, version, damaged);
    }

    public String name() {
        return name;
    }

    /**
     * A row as it is stored.
     *
     * @param own whether the version that was asked for wrote it
     */
    public record Found(
            String key,
            byte[] state,
            FeedCursor position,
            @Nullable Digest digest,
            boolean stale,
            boolean own,
            boolean differs) {

        static Found of(String key, byte[] state, Served.State served) {
            Meta meta = served.meta();
            return new Found(
                    key,
                    state,
                    meta.checkpoint().cursor(),
                    meta.checkpoint().digest(),
                    served.stale(),
                    served.own(),
                    meta.differs());
        }
    }

    /** A row that is to be seen, or null. */
    public @Nullable Found row(String key) {
        return served.read(state -> {
            StoredRow row = state.database().row(key);
            byte[] bytes = row == null ? null : row.state();
            return bytes == null ? null : Found.of(key, bytes, state);
        });
    }

    /** Rows that are to be seen, behind {@code after}, by UTF-8 bytes. */
    public List<Found> rows(String prefix, String after, int limit) {
        List<Found> found = served.read(state -> {
            List<Found> rows = new ArrayList<>();
            for (StateDatabase.Keyed keyed : state.database().rows(prefix, after, limit)) {
                byte[] bytes = Objects.requireNonNull(keyed.row().state(), "rows without a state are left out");
                rows.add(Found.of(keyed.key(), bytes, state));
            }
            return rows;
        });
        return found == null ? List.of() : found;
    }

    /**
     * Rows of an application's own tables, or null if none are served, or others than these.
     *
     * @param tables how they are made
     * @throws IllegalArgumentException the statement is not one that only reads, or SQLite refuses it
     */
    public @Nullable SqlView<SqlRow> query(List<String> tables, String statement, @Nullable Object... parameters) {
        SqlText.checkQuery(statement);
        return queried.read(state -> {
            if (!state.own() && !state.database().hasTables(tables)) {
                return null;
            }
            Meta meta = state.meta();
            try {
                return new SqlView<>(
                        state.database().query(statement, parameters),
                        meta.checkpoint().cursor(),
                        meta.checkpoint().digest(),
                        state.stale(),
                        meta.differs());
            } catch (IndexException e) {
                if (e.isOfStatement()) {
                    throw new IllegalArgumentException("refused: " + e.getMessage() + ": " + statement, e);
                }
                throw e;
            }
        });
    }

    /** What the served state reflects, or null if none is served, or it is stale. */
    public @Nullable FeedCursor position() {
        return served.read(
                state -> state.stale() ? null : state.meta().checkpoint().cursor());
    }

    /** As far as the files and the host at work tell. */
    public ProjectionStatus status() {
        String at = workedOn();
        String of = at == null ? version : at;
        String said = of == null ? control.saidLast(name) : control.said(name, of);
        ProjectionStatus seen = seen();
        ProjectionStatus told = said == null ? null : Said.status(said, seen);
        if (at != null) {
            return told == null ? with(seen, new Readiness.Rebuilding(0, null), true) : told;
        }
        return told != null && told.readiness() instanceof Readiness.Failed ? Said.left(told, seen) : seen;
    }

    static ProjectionStatus with(ProjectionStatus seen, Readiness readiness, boolean active) {
        return new ProjectionStatus(
                seen.name(),
                readiness,
                seen.paused(),
                active,
                seen.served(),
                seen.stale(),
                seen.differs(),
                seen.position(),
                seen.lag(),
                seen.counts(),
                seen.lastError());
    }

    /** As far as the files tell. */
    ProjectionStatus seen() {
        boolean paused = control.paused(name);
        ProjectionStatus status = served.read(state -> {
            Meta meta = state.meta();
            FeedCursor position = meta.checkpoint().cursor();
            long lag = lag(position);
            return new ProjectionStatus(
                    name,
                    state.stale()
                            ? new Readiness.Rebuilding(0, null)
                            : lag == 0 ? new Readiness.Ready() : new Readiness.Waiting("no host is at work"),
                    paused,
                    false,
                    true,
                    state.stale(),
                    meta.differs(),
                    position,
                    lag,
                    new ProjectionStatus.Counts(
                            0,
                            0,
                            meta.checkpoint().redacted(),
                            state.database().failures(false),
                            state.database().failures(true),
                            0,
                            0,
                            0,
                            0,
                            0),
                    null);
        });
        return status != null
                ? status
                : new ProjectionStatus(
                        name,
                        new Readiness.Rebuilding(0, null),
                        paused,
                        false,
                        false,
                        false,
                        false,
                        null,
                        lag(FeedCursor.beginning()),
                        ProjectionStatus.Counts.NONE,
                        null);
    }

    private long lag(FeedCursor position) {
        return store.canonicalReads().behind(position);
    }

    /** The version that somebody works on, in this process or another, or null; of a known one, whether that is it. */
    private @Nullable String workedOn() {
        try {
            if (version == null) {
                return files.workedOn();
            }
            return files.isWorkedOn(version) ? version : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Events that failed, parked ones first, each group in canonical order. */
    public List<FailedEvent> failures(int limit) {
        List<FailedEvent> found = served.read(state -> state.database().failed(limit).stream()
                .map(failure -> new FailedEvent(failure.event(), failure.key(), failure.error(), failure.parked()))
                .toList());
        return found == null ? List.of() : found;
    }

    public void rebuild() {
        control.ask(name, Control.Action.REBUILD, "");
    }

    public void retry() {
        control.ask(name, Control.Action.RETRY, "");
    }

    public void skip(EventId event) {
        control.ask(name, Control.Action.SKIP, event.toString());
    }

    public void pause() {
        control.pause(name);
    }

    public void resume() {
        control.resume(name);
    }

    /**
     * Removes what is kept of it, of every version.
     *
     * @return false if somebody works on it: then nothing is removed
     */
    public boolean forget() throws IOException {
        if (!files.forget()) {
            return false;
        }
        control.forget(name);
        return true;
    }

    @Override
    public void close() {
        served.close();
        queried.close();
    }
}
