package dev.evstore.core.format;

import dev.evstore.core.event.Origin;
import dev.evstore.core.history.TransactionHeader.Superseding;
import dev.evstore.core.history.TransactionHeader.Write;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes transactions. What it returns has passed the reader's own checks (rule V5).
 *
 * <pre>
 *   header   {"v":1,"tx":"…","replica":"…","seq":n,"at":"…","parents":{"…":"…"},
 *             "streams":{"…":{"heads":["…"]},"…":{"free":true}},"reads":{"…":{"heads":["…"]}},
 *             "command":"…","meta":{…},"events":n}
 *   merge    {"v":1,"tx":"…","parents":{…},"streams":{…},"events":n}
 *   event    {"stream":"…","type":"…","data":…,"meta":{…},"tags":["…"],"salt":"…"}
 *   trailer  {"sha256":"…"}
 * </pre>
 */
public final class TransactionEncoder {

    private TransactionEncoder() {}

    /**
     * @throws IllegalArgumentException if the draft breaks a rule or limit of the format; the message names it
     */
    public static Transaction encode(Draft draft) {
        LineWriter lines = new LineWriter(draft.id().toString(), false);
        Origin origin = draft.origin();
        lines.origin(origin);
        lines.parents(draft.parents());
        lines.streams(draft.writes());
        lines.reads(draft.reads());
        lines.commandAndMeta(draft.command(), draft.meta());
        lines.events(draft.events());
        return lines.seal();
    }

    /**
     * The merge transaction that supersedes these heads: a function of its arguments alone (rules M1, M2).
     *
     * @param heads of each stream the heads to supersede, two or more, in any order
     * @param trailers of each of those heads the first 32 hex digits of its trailer; others are not looked at
     * @param events the resolution, each on one of the streams, without salt
     * @throws IllegalArgumentException if a rule or limit is broken, or the newest head is at the end of time
     */
    public static Transaction encodeMerge(
            SortedMap<StreamId, List<TransactionId>> heads,
            SortedMap<TransactionId, String> trailers,
            List<Draft.Event> events) {
        TreeMap<TransactionId, String> parents = new TreeMap<>();
        TreeMap<StreamId, Write> writes = new TreeMap<>();
        heads.forEach((stream, ids) -> {
            for (TransactionId id : ids) {
                String trailer = trailers.get(id);
                if (trailer == null) {
                    throw new IllegalArgumentException("trailers: that of the head " + id + " is missing");
                }
                parents.put(id, trailer);
            }
            writes.put(stream, new Superseding(ids.stream().sorted().distinct().toList()));
        });
        if (parents.isEmpty()) {
            throw new IllegalArgumentException("heads: 0; at least 2 of each stream");
        }
        LineWriter lines = new LineWriter(MergeId.NIL, true);
        lines.parents(parents);
        lines.streams(writes);
        lines.events(events);
        lines.identify(MergeId.of(parents.lastKey(), lines.trailer()));
        return lines.seal();
    }
}
