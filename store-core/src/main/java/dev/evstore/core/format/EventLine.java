package dev.evstore.core.format;

import dev.evstore.core.event.EventType;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an event line of format 1 says. Immutable.
 *
 * @param data the value's text as written; of a redacted line the text {@code null}
 * @param meta the object's text as written, or null
 * @param redacted the SHA-256 of the original line of a redacted line, else null
 */
public record EventLine(
        StreamId stream,
        EventType type,
        String data,
        @Nullable String meta,
        List<String> tags,
        @Nullable Sha256 redacted) {

    public EventLine {
        tags = List.copyOf(tags);
    }

    /**
     * @param line the line without its LF
     * @throws IllegalArgumentException if it is no valid event line of format 1
     */
    public static EventLine parse(byte[] line) {
        EventParser parser = new EventParser();
        try {
            parser.read(line, 0, line.length, null, false, false);
        } catch (Flaw flaw) {
            throw new IllegalArgumentException("event line: " + flaw.what());
        }
        EventType type = parser.type;
        if (type == null) {
            throw new IllegalStateException("an event without a type passed");
        }
        byte[] redacted = parser.redacted;
        return new EventLine(
                StreamId.of(StrictJson.text(line, parser.streamFrom, parser.streamTo, parser.streamEscaped)),
                type,
                redacted == null ? parser.data() : "null",
                parser.meta,
                parser.tags,
                redacted == null ? null : Sha256.of(redacted));
    }

    /** Leaf = SHA-256(u32 length of stream ‖ stream ‖ u32 length of type ‖ type ‖ SHA-256 of the original line). */
    public static Sha256 leaf(StreamId stream, EventType type, Sha256 lineHash) {
        byte[] name = type.value().getBytes(StandardCharsets.UTF_8);
        return Sha256.of(TransactionDecoder.leaf(Sha256.digest(), stream.utf8(), name, lineHash.bytes()));
    }
}
