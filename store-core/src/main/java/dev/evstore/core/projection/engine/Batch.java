package dev.evstore.core.projection.engine;

import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction writes, or a part of it. Immutable.
 *
 * @param rows each row once
 * @param joined members that are new
 * @param left members that are gone
 * @param keyless failures of events that no row is known of
 * @param keylessGone transactions whose earlier such failures are void
 * @param excluded events that a person took out, with their rows folded again
 * @param memos results of effects that are new
 * @param checkpoint what is true when all of it is written; null if it is a part, and the rest follows
 */
public record Batch(
        List<RowWrite> rows,
        List<Member> joined,
        List<Member> left,
        List<Failure> keyless,
        Set<TransactionId> keylessGone,
        Set<EventId> excluded,
        List<Memo> memos,
        @Nullable Checkpoint checkpoint) {
    public Batch {
        rows = List.copyOf(rows);
        joined = List.copyOf(joined);
        left = List.copyOf(left);
        keyless = List.copyOf(keyless);
        keylessGone = Set.copyOf(keylessGone);
        excluded = Set.copyOf(excluded);
        memos = List.copyOf(memos);
    }

    /** The same, when more follows before all of it is true. */
    Batch asPart() {
        return new Batch(rows, joined, left, keyless, keylessGone, excluded, memos, null);
    }
}
