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

    private MergeSize() {}

    /**
     * How many of the streams, from the first on, fit into the header of one merge: all, if they do.
     *
     * @param heads of each stream the heads to supersede
     */
    public static int prefix(SortedMap<StreamId, List<TransactionId>> heads) {
        Set<TransactionId> parents = new HashSet<>();
        long size = EMPTY;
        int streams = 0;
        for (Map.Entry<StreamId, List<TransactionId>> stream : heads.entrySet()) {
            List<TransactionId> ids = stream.getValue();
            size += name(stream.getKey()) + HEADS + ids.size() * (ID + 1L) - 1 + (streams == 0 ? 0 : 1);
            for (TransactionId id : ids) {
                if (parents.add(id)) {
                    size += ID + TRAILER_HALF + (parents.size() == 1 ? 0 : 1);
                }
            }
            if (size > MOST) {
                return streams;
            }
            streams++;
        }
        return streams;
    }

    private static int name(StreamId stream) {
        return new ByteWriter().string(stream.value()).size();
    }
}
