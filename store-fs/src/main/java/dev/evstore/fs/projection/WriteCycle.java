package dev.evstore.fs.projection;

import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.projection.SqlTables;
import dev.evstore.core.projection.engine.Batch;
import dev.evstore.core.projection.engine.Failure;
import dev.evstore.core.projection.engine.Member;
import dev.evstore.core.projection.engine.Memo;
import dev.evstore.core.projection.engine.RowImage;
import dev.evstore.core.projection.engine.RowStore;
import dev.evstore.core.projection.engine.StoredRow;
import dev.evstore.core.projection.engine.UnwrittenException;
import dev.evstore.fs.index.IndexException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a projection while an engine folds ahead of them: one batch at a time is written behind its back, in order
 * (rule W2). Used by the engine's thread; the writing connection is used by whoever writes, and by that thread only when
 * nothing is being written.
 */
final class WriteCycle implements RowStore, AutoCloseable {

    private final StateDatabase writing;
    private final StateDatabase reading;
    private final MemoFile memos;
    private final Executor writer;
    private CompletableFuture<Void> inFlight = CompletableFuture.completedFuture(null);
    /** Whether a transaction is open of which parts are written. */
    private boolean inParts;

    /**
     * @param memos keeps the results of effects; stays open longer
     * @param writer runs one task at a time, in order
     */
    WriteCycle(Path file, MemoFile memos, Executor writer) {
        this.memos = memos;
        this.writing = StateDatabase.open(file);
        this.writer = writer;
        try {
            this.reading = StateDatabase.open(file);
        } catch (RuntimeException e) {
            writing.close();
            throw e;
        }
    }

    Meta takeOver() {
        return writing.takeOver();
    }

    /**
     * Has a batch written, when the one before it is.
     *
     * @param afterwards is called by the writer when it is committed
     * @throws WriteException the one before it failed
     */
    void submit(Batch batch, Runnable afterwards) {
        await();
        inParts = false;
        inFlight = CompletableFuture.runAsync(
                () -> {
                    write(batch);
                    afterwards.run();
                },
                writer);
    }

    /** Results of effects first: rows that were folded with them are never without them. */
    private void write(Batch batch) {
        memos.save(batch.memos());
        writing.write(batch);
    }

    /**
     * Does something to the application's tables at once, in the transaction of the batch that is folded: that is a part of
     * it which has no other place to wait in.
     *
     * @throws WriteException it, or the batch before it, can't be written
     */
    void run(String key, Consumer<SqlTables> work) {
        await();
        inParts = true;
        try {
            writing.run(key, work);
        } catch (IndexException | StateLostException e) {
            throw new WriteException(e);
        }
    }

    boolean isWriting() {
        return !inFlight.isDone();
    }

    /**
     * Waits for what is being written.
     *
     * @throws WriteException it failed: the state is as it was before
     */
    void await() {
        try {
            inFlight.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new WriteException(cause);
        }
    }

    /** A batch could not be written. */
    static final class WriteException extends UnwrittenException {
        private static final long serialVersionUID = 1L;

        WriteException(Throwable cause) {
            super("its state can't be written: " + Trouble.said(cause), cause);
        }
    }

    void complete() {
        await();
        writing.complete();
    }

    List<EventId> excluded() {
        return reading.excluded();
    }

    StateDatabase committed() {
        return reading;
    }

    @Override
    public void writePart(Batch part) {
        await();
        inParts = true;
        inFlight = CompletableFuture.runAsync(() -> write(part), writer);
        await();
    }

    /** Where an engine reads: what its open transaction has written is seen there, too. */
    private StateDatabase rows() {
        return inParts ? writing : reading;
    }

    @Override
    public @Nullable StoredRow row(String key) {
        return healthy(() -> rows().row(key));
    }

    @Override
    public @Nullable RowImage image(String key, long upTo, EventId before) {
        await();
        return healthy(() -> rows().image(key, upTo, before));
    }

    @Override
    public List<EventId> members(String key, @Nullable EventId after, int limit) {
        await();
        return Objects.requireNonNull(healthy(() -> rows().members(key, after, limit)));
    }

    @Override
    public @Nullable Failure failure(String key, EventId event) {
        await();
        return healthy(() -> rows().failure(key, event));
    }

    @Override
    public @Nullable Memo memo(String effect, int version, String key) {
        await();
        return memos.memo(effect, version, key);
    }

    @Override
    public List<Member> membersOf(TransactionId transaction) {
        await();
        return Objects.requireNonNull(healthy(() -> rows().membersOf(transaction)));
    }

    private interface Read<T> {
        @Nullable
        T read();
    }

    private <T> @Nullable T healthy(Read<T> read) {
        try {
            return read.read();
        } catch (IndexException e) {
            throw StateDatabase.damaged(reading.file(), e);
        }
    }

    /** Waits for what is being written, whatever becomes of it; parts without an end are taken back. */
    @Override
    public void close() {
        inFlight.exceptionally(failed -> null).join();
        try (writing;
                reading) {
            writing.rollback();
        }
    }
}
