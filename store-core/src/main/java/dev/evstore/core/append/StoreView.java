package dev.evstore.core.append;

import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.TransactionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the decision has to see of a store, all at one moment. Every list of ids is ascending. */
public interface StoreView {

    /** {@link StreamState#NONE} for an unknown stream. */
    StreamState state(StreamId stream);

    /** The heads of a stream; none for an unknown one. */
    List<TransactionId> heads(StreamId stream);

    /** Whether a visible transaction names a head of the stream that is not here (rule F7). */
    boolean incomplete(StreamId stream);

    /** The visible transactions that nobody visible names as parent. */
    List<TransactionId> storeHeads();

    /** The trailer of a visible transaction. */
    Sha256 trailer(TransactionId visible);

    /** The heads that a visible transaction supersedes in a stream, among those that are visible writers of it. */
    List<TransactionId> superseded(TransactionId visible, StreamId stream);

    /** The visible transactions that supersede {@code head} in a stream. */
    List<TransactionId> superseders(TransactionId head, StreamId stream);

    /** The visible parents of a visible transaction. */
    List<TransactionId> parents(TransactionId visible);

    /** The visible transactions that name {@code parent} as parent. */
    List<TransactionId> children(TransactionId parent);

    /** The greatest visible id of at most these milliseconds, or null. */
    @Nullable
    TransactionId newest(long untilMillis);

    /** The replica's canonically last visible transaction that writes the stream, not freely, or null. */
    @Nullable
    TransactionId lastWrite(ReplicaId replica, StreamId stream);

    /** A visible transaction of a newer format that names the stream as written, or null. */
    @Nullable
    TransactionId newerWriter(StreamId stream);

    /** The canonically first visible transaction with this command, or null. */
    @Nullable
    Transaction command(String command);
}
