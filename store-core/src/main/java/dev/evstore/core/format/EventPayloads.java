package dev.evstore.core.format;

import dev.evstore.core.event.EventType;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what events carry, one line after the other, where stream and type are known already. Cheaper than {@link
 * EventLine}, by what many lines have in common. Not thread-safe.
 */
public final class EventPayloads {

    private static final int MOST_TYPES = 1_000;

    private final EventParser parser = new EventParser();
    private final MessageDigest sha = Sha256.digest();
    private final Map<EventType, byte[]> types = new HashMap<>();

    /**
     * What an event line of format 1 carries.
     *
     * @param data the value's text as written
     * @param meta the object's text as written, or null
     */
    public record Payload(String data, @Nullable String meta, List<String> tags) {}

    /**
     * @param line the line of an event that is not redacted, without its LF
     * @throws IllegalArgumentException if it is no such line
     */
    public Payload read(byte[] line) {
        try {
            parser.read(line, 0, line.length, null, false, false);
        } catch (Flaw flaw) {
            throw new IllegalArgumentException("event line: " + flaw.what());
        }
        if (parser.redacted != null) {
            throw new IllegalArgumentException("event line: it is redacted");
        }
        return new Payload(parser.data(), parser.meta, parser.tags);
    }

    /** As {@link EventLine#leaf}, of the line itself. */
    public Sha256 leaf(StreamId stream, EventType type, byte[] line) {
        if (types.size() > MOST_TYPES) {
            types.clear();
        }
        byte[] name = types.computeIfAbsent(type, known -> known.value().getBytes(StandardCharsets.UTF_8));
        return Sha256.of(TransactionDecoder.leaf(sha, stream.utf8(), name, sha.digest(line)));
    }
}
