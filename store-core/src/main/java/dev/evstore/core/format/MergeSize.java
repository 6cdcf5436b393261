package dev.evstore.core.format;

import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** How many streams one merge transaction can resolve, decided on the header alone (rule V4). */
public final class MergeSize {

    /** The header without parents and streams, and with the greatest number of events. */
    private static final int EMPTY = ("{\"v\":1,\"tx\":\"" + MergeId.NIL
                    + "\",\"parents\":{},\"streams\":{},\"events\":" + Limits.EVENTS + "}")
            .length();

    private static final int ID = MergeId.NIL.length() + 2;
    /** Colon and 32 hex digits in quotes. */
    private static final int TRAILER_HALF = 1 + 34;

    private static final int HEADS = ":{\"heads\":[]}".length();

    /** What a header may have, so that the transaction has room for its trailer line. */
    private static final int MOST =
            Math.min(Limits.MERGE_HEADER_LINE, Limits.TRANSACTION - 1 - (Wire.TRAILER_LENGTH + 1));

    private final Set<TransactionId> parents = new HashSet<>();
    private long size = EMPTY;
    private int streams;

    private MergeSize() {}

    /**
     * How many of the streams, from the first on, fit into the header of one merge: all, if they do.
     *
     * @param heads of each stream the heads to supersede
     */
    public static int prefix(SortedMap<StreamId, List<TransactionId>> heads) {
        MergeSize header = new MergeSize();
        for (Map.Entry<StreamId, List<TransactionId>> stream : heads.entrySet()) {
            header.add(stream.getKey(), stream.getValue());
            if (header.size > MOST) {
                return header.streams - 1;
            }
        }
        return header.streams;
    }

    /** The length of the header of that merge, if it had the greatest number of events. */
    static long header(SortedMap<StreamId, List<TransactionId>> heads) {
        MergeSize header = new MergeSize();
        heads.forEach(header::add);
        return header.size;
    }

    private void add(StreamId stream, List<TransactionId> heads) {
        size += new ByteWriter().string(stream.value()).size() + HEADS + heads.size() * (ID + 1L) - 1;
        size += streams++ == 0 ? 0 : 1;
        for (TransactionId id : heads) {
            if (parents.add(id)) {
                size += ID + TRAILER_HALF + (parents.size() == 1 ? 0 : 1);
            }
        }
    }
}
