package dev.evstore.core.projection.engine;

import org.jspecify.annotations.Nullable;

/**
 * All that is folded and not given away to be written: rows, members, failures, what is left out and results of effects. It watches that this
 * is never too much (rule W3). Not thread-safe.
 */
final class Unwritten<S> {

    private final RowStore store;
    private final Rows<S> rows;
    private final Members members;
    private final Folding<S> folding;
    private final Memos memos;
    private final EngineLimits limits;
    /** Whether a part was written, so that something has to end it. */
    private boolean partly;

    Unwritten(RowStore store, Rows<S> rows, Members members, Folding<S> folding, Memos memos, EngineLimits limits) {
        this.store = store;
        this.rows = rows;
        this.members = members;
        this.folding = folding;
        this.memos = memos;
        this.limits = limits;
    }

    boolean isEmpty() {
        return !partly && !rows.anyDirty() && changes() == 0;
    }

    /** Whether it is as much as may be held, or a part of it is written, and the rest has to follow. */
    boolean isDue() {
        return partly || isTooMuch();
    }

    private boolean isTooMuch() {
        return rows.full() || changes() >= limits.changes();
    }

    private int changes() {
        return members.changed() + folding.changed() + memos.made();
    }

    /** What is too much becomes a part of the batch, before it is known what else that will be. */
    void makeRoom() {
        if (isTooMuch()) {
            partly = true;
            do {
                writePart(part(null));
            } while (rows.anyDirty());
            rows.trim();
        }
    }

    /**
     * Gives it away. Where that is more bytes than may be held, all but the last of it is written at once.
     *
     * @param now what is true when all of it is written
     */
    Batch freeze(Checkpoint now) {
        partly = false;
        Batch batch = part(now);
        while (rows.anyDirty()) {
            writePart(batch.asPart());
            batch = part(now);
        }
        return batch;
    }

    private void writePart(Batch part) {
        store.writePart(part);
        rows.written(rows.frozen());
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
                folding.freezeExcluded(),
                memos.freeze(),
                checkpoint);
    }
}
