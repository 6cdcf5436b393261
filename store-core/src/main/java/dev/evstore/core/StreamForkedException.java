package dev.evstore.core;

import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.List;
import java.util.stream.Collectors;

/** An append that does not accept forks met one ({@link ForkPolicy#REJECT}). Nothing was written. */
public final class StreamForkedException extends StoreException {

    private static final long serialVersionUID = 1L;

    private final transient List<Forked> forked;

    /**
     * @param forked every stream of the append that is forked, at least one
     */
    public StreamForkedException(List<Forked> forked) {
        super(
                "A stream is forked; nothing was written.",
                forked.stream().map(Forked::toString).collect(Collectors.joining("; ")),
                "reconcile the stream, then decide and append again; or accept forks",
                null);
        this.forked = List.copyOf(forked);
    }

    /** Every stream of the append that is forked. */
    public List<Forked> forked() {
        return forked;
    }

    /**
     * A stream that is forked.
     *
     * @param heads its heads, two or more, ascending
     */
    public record Forked(StreamId stream, List<TransactionId> heads) {
        public Forked {
            heads = List.copyOf(heads);
        }

        @Override
        public String toString() {
            return "stream " + stream + ", heads "
                    + heads.stream().map(TransactionId::toString).collect(Collectors.joining(" and "));
        }
    }
}
