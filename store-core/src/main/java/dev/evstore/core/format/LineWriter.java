package dev.evstore.core.format;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.Origin;
import dev.evstore.core.history.TransactionHeader.Superseding;
import dev.evstore.core.history.TransactionHeader.Write;
import dev.evstore.core.id.Names;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the lines of one transaction, each field by a call, in the format's order; sealed by its trailer and then
 * read back with the reader's own checks. It refuses by itself only what would be no JSON, or would grow past every
 * limit before it could be read.
 */
final class LineWriter {

    private static final int EMPTY_META = ",\"meta\":{}".length();
    private static final String TX = "{\"v\":1,\"tx\":\"";

    private final ByteWriter out = new ByteWriter();
    private final boolean merge;
    private final List<byte[]> leaves = new ArrayList<>();
    private final List<Integer> lineEnds = new ArrayList<>();
    private final MessageDigest sha = Sha256.digest();

    LineWriter(String id, boolean merge) {
        this.merge = merge;
        out.ascii(TX).ascii(id).put('"');
    }

    void origin(Origin origin) {
        out.ascii(",\"replica\":\"").ascii(origin.replica().toString());
        out.ascii("\",\"seq\":").ascii(Long.toString(origin.sequence()));
        string(",\"at\":", origin.at(), "header, at");
    }

    void parents(SortedMap<TransactionId, String> parents) {
        out.ascii(",\"parents\":{");
        String comma = "";
        for (var parent : parents.entrySet()) {
            out.ascii(comma).put('"').ascii(parent.getKey().toString()).put('"');
            string(":", parent.getValue(), "header, parents");
            comma = ",";
        }
        out.put('}');
    }

    void streams(SortedMap<StreamId, Write> writes) {
        out.ascii(",\"streams\":{");
        String comma = "";
        for (var write : writes.entrySet()) {
            out.ascii(comma).string(write.getKey().value());
            if (write.getValue() instanceof Superseding superseding) {
                heads(superseding.heads());
            } else {
                out.ascii(":{\"free\":true}");
            }
            comma = ",";
        }
        out.put('}');
    }

    void reads(SortedMap<StreamId, List<TransactionId>> reads) {
        if (reads.isEmpty()) {
            return;
        }
        out.ascii(",\"reads\":{");
        String comma = "";
        for (var read : reads.entrySet()) {
            out.ascii(comma).string(read.getKey().value());
            heads(read.getValue());
            comma = ",";
        }
        out.put('}');
    }

    private void heads(List<TransactionId> heads) {
        out.ascii(":{\"heads\":[");
        String comma = "";
        for (TransactionId head : heads) {
            out.ascii(comma).put('"').ascii(head.toString()).put('"');
            comma = ",";
        }
        out.ascii("]}");
    }

    void commandAndMeta(@Nullable String command, @Nullable String meta) {
        if (command != null) {
            string(",\"command\":", command, "header, command");
        }
        if (meta != null) {
            json(",\"meta\":", meta, "header, meta");
        }
    }

    /** Ends the header and writes the event lines. */
    void events(List<Draft.Event> events) {
        if (events.size() > Limits.EVENTS) {
            throw new IllegalArgumentException("header, events: " + events.size() + "; at most " + Limits.EVENTS);
        }
        out.ascii(",\"events\":").ascii(Integer.toString(events.size())).put('}');
        endLine();
        for (int ordinal = 0; ordinal < events.size(); ordinal++) {
            int from = out.size();
            event(events.get(ordinal), "event " + ordinal);
            leaf(events.get(ordinal), from);
            endLine();
            if (out.size() > Limits.TRANSACTION) {
                throw new IllegalArgumentException("transaction, bytes up to event " + ordinal + ": " + out.size()
                        + "; at most " + Limits.TRANSACTION);
            }
        }
    }

    private void event(Draft.Event draft, String where) {
        NewEvent event = draft.event();
        out.ascii("{\"stream\":").string(draft.stream().value());
        string(",\"type\":", event.type().value(), where + ", type");
        json(",\"data\":", event.data(), where + ", data");
        if (event.meta() != null) {
            int before = out.size();
            json(",\"meta\":", event.meta(), where + ", meta");
            if (merge && out.size() - before == EMPTY_META) {
                out.cut(before);
            }
        }
        if (!event.tags().isEmpty()) {
            out.ascii(",\"tags\":[");
            for (int i = 0; i < event.tags().size(); i++) {
                string(i == 0 ? "" : ",", event.tags().get(i), where + ", tags");
            }
            out.put(']');
        }
        if (draft.salt() != null) {
            string(",\"salt\":", draft.salt(), where + ", salt");
        }
        out.put('}');
    }

    private void leaf(Draft.Event draft, int from) {
        sha.update(out.bytes(), from, out.size() - from);
        byte[] type = draft.event().type().value().getBytes(StandardCharsets.UTF_8);
        leaves.add(TransactionDecoder.leaf(sha, draft.stream().utf8(), type, sha.digest()));
    }

    /** The hash over header and leaves as they stand. */
    byte[] trailer() {
        sha.update(out.bytes(), 0, lineEnds.get(0));
        leaves.forEach(sha::update);
        return sha.digest();
    }

    /** Puts the id of a merge in the place of the nil UUID. */
    void identify(TransactionId id) {
        byte[] text = Wire.ascii(id.toString());
        System.arraycopy(text, 0, out.bytes(), TX.length(), text.length);
    }

    /**
     * Writes the trailer and reads the whole back.
     *
     * @throws IllegalArgumentException if the reader would not take it
     */
    Transaction seal() {
        byte[] hash = trailer();
        out.ascii("{\"sha256\":\"").ascii(HexFormat.of().formatHex(hash)).ascii("\"}");
        endLine();
        byte[] bytes = Arrays.copyOf(out.bytes(), out.size());
        TransactionDecoder decoder = new TransactionDecoder();
        try {
            TransactionDecoder.Open open = decoder.open(bytes, 0, lineEnds.get(0));
            for (int line = 1; line < lineEnds.size() - 1; line++) {
                open.event(bytes, 0, lineEnds.get(line - 1) + 1, lineEnds.get(line));
            }
            int last = lineEnds.size() - 1;
            return open.close(bytes, 0, lineEnds.get(last - 1) + 1, lineEnds.get(last));
        } catch (Flaw flaw) {
            throw new IllegalArgumentException(flaw.what());
        }
    }

    private void endLine() {
        lineEnds.add(out.size());
        out.put('\n');
    }

    private void string(String before, String text, String where) {
        if (Names.utf8Length(text) < 0) {
            throw new IllegalArgumentException(where + ": a lone surrogate in " + Names.quoted(text));
        }
        out.ascii(before).string(text);
    }

    private void json(String before, String json, String where) {
        out.ascii(before);
        try {
            JsonText.write(json, out, merge);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
        }
    }
}
