package dev.evstore.fs;

import dev.evstore.core.AppendResult;
import dev.evstore.core.EventStore;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.projection.Applied;
import dev.evstore.core.projection.FailedEvent;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import dev.evstore.core.projection.SqlProjection;
import dev.evstore.core.projection.SqlRow;
import dev.evstore.core.projection.SqlView;
import dev.evstore.core.projection.View;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The projections of an application, kept beside the store and following it. Opening serves what is stored at once and
 * catches up behind the caller's back. Of all hosts of a projection, over all processes on this working copy, one works;
 * the others read what it writes, and one of them takes over when it ends (rule R10).
 *
 * <p>Thread-safe. Opened on a store, which stays open longer than this.
 */
public interface ProjectionHost extends AutoCloseable {

    /**
     * Opens the projections' state and begins to catch up; does not wait for that.
     *
     * @param codec for the events that projections handle by class, and for all states
     * @throws IllegalArgumentException two projections have one name, or one handles what the codec does not know
     * @throws dev.evstore.core.StoreUnusableException the state can't be opened
     */
    static ProjectionHost open(FileEventStore store, EventCodec<?> codec, Projection<?>... projections) {
        return open(store, codec, ProjectionOptions.defaults(), List.of(projections));
    }

    /**
     * Opens otherwise than by default.
     *
     * @see #open(FileEventStore, EventCodec, Projection[])
     */
    static ProjectionHost open(
            FileEventStore store, EventCodec<?> codec, ProjectionOptions options, List<Projection<?>> projections) {
        return FileProjectionHost.open(store, codec, options, projections);
    }

    /** The names of the projections it was opened with. */
    Set<String> names();

    /**
     * A row as it is committed; empty if there is none, or nothing can be served yet. While a state of the same shape is
     * stale, that is served.
     *
     * @throws IllegalArgumentException the host was not opened with this projection
     */
    <S> Optional<View<S>> view(Projection<S> projection, String key);

    /** The rows whose keys begin with {@code prefix}, ascending by UTF-8 bytes, read in pages as it goes. */
    <S> Iterable<View<S>> list(Projection<S> projection, String prefix);

    /**
     * Rows of a projection's own tables as they are committed, read at one moment; empty if nothing can be served yet.
     * While tables that were made alike are stale, those are served. Writing goes on meanwhile.
     *
     * @param sql one {@code SELECT}, with or without {@code WITH} before it, without {@code ;}; bounded by its {@code
     *     LIMIT}: all rows are in memory
     * @param parameters {@code Long}, {@code Integer}, {@code Double}, {@code Boolean}, {@code String}, {@code byte[]}, null
     * @throws IllegalArgumentException the host was not opened with this projection, the statement is another one, or
     *     SQLite refuses it
     */
    <T> Optional<SqlView<T>> query(
            SqlProjection projection, String sql, Function<SqlRow, T> row, @Nullable Object... parameters);

    /** A row as it is stored, of whatever version of the projection is served. */
    Optional<StoredView> stored(String projection, String key);

    /**
     * Rows as they are stored.
     *
     * @param after the key to go on behind, or empty for the start
     * @param limit the most wanted, 1..1,000
     */
    List<StoredView> stored(String projection, String prefix, String after, int limit);

    /** Where one of them stands. Never waits for work under way. */
    ProjectionStatus status(String projection);

    /** Where all stand, by name. */
    List<ProjectionStatus> statuses();

    /** Ready if all are; else what the first that is not says. */
    default Readiness readiness() {
        return statuses().stream()
                .map(ProjectionStatus::readiness)
                .filter(readiness -> !(readiness instanceof Readiness.Ready))
                .findFirst()
                .orElseGet(Readiness.Ready::new);
    }

    /** Events of the served state that failed: at most 1,000, parked ones first. */
    List<FailedEvent> failures(String projection);

    /** Waits until all are ready; false if the time is up before, or one has failed. */
    boolean awaitReady(Duration atMost) throws InterruptedException;

    /** Waits until what is served by all projections reflects a transaction: reads what one has just written. */
    default Applied awaitApplied(AppendResult appended, Duration atMost) throws InterruptedException {
        return awaitApplied(appended.transaction(), atMost);
    }

    /** Waits until what is served by all projections reflects a transaction (rule E3). */
    Applied awaitApplied(TransactionId transaction, Duration atMost) throws InterruptedException;

    /**
     * Has something called after rows became visible, with their keys; after a rebuild with all that is known: nothing.
     * One thread at a time calls it; what it throws is logged.
     */
    EventStore.Watch onChange(String projection, Consumer<Set<String>> listener);

    /**
     * Applies what is visible now, on the caller's thread if the host has no threads of its own; returns when it is
     * committed.
     *
     * @throws dev.evstore.core.StoreUnusableException a projection failed, or somebody else works on it and does not get
     *     there
     */
    void catchUp();

    /** Builds it anew beside what is served (rule S8); also the way out of a failure. */
    void rebuild(String projection);

    /** Goes no further until {@link #resume}. Remembered. */
    void pause(String projection);

    /** Goes on after {@link #pause}. */
    void resume(String projection);

    /** Tries again after a failure, and parked events with it. */
    void retry(String projection);

    /** Leaves an event out from now on; what is served says that it differs. */
    void skip(String projection, EventId event);

    /** Writes what is done, ends its threads and lets others take over. Throws if that can't be written. Idempotent. */
    @Override
    void close();
}
