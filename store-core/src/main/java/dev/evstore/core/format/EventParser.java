package dev.evstore.core.format;

import dev.evstore.core.event.EventType;
import dev.evstore.core.id.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads event lines by rules V1 and V3. After {@link #read} its fields tell the line read last. Reused from line to
 * line; not thread-safe.
 */
final class EventParser {

    private static final int FOREIGN = Key.bits(Key.V, Key.TX, Key.PARENTS, Key.STREAMS, Key.EVENTS, Key.SHA256);
    private static final int SALT_CHARACTERS = 22;

    private final StrictJson json = new StrictJson();
    private final TypeCache types = new TypeCache();

    /** Where the stream's name is. */
    int streamFrom;

    int streamTo;
    boolean streamEscaped;
    /** The stream's index, if a table was given. */
    int stream;

    @Nullable
    EventType type;
    /** The type's name in UTF-8. */
    byte[] typeName = {};

    int dataFrom;
    int dataTo;

    @Nullable
    String meta;

    List<String> tags = List.of();
    /** The original line's hash, of a redacted line. */
    byte @Nullable [] redacted;

    /**
     * Reads the line {@code bytes[from, to)}.
     *
     * @param table the streams it may be of; null for any
     * @param newer whether it is of a newer format, so that only stream, type and redaction are known
     * @param merge whether it is of a merge transaction
     */
    void read(byte[] bytes, int from, int to, @Nullable StreamTable table, boolean newer, boolean merge) throws Flaw {
        if (to - from > Limits.EVENT_LINE) {
            throw Flaw.limit("bytes", to - from, Limits.EVENT_LINE);
        }
        if (!Arrays.equals(bytes, from, Math.min(to, from + Wire.EVENT.length), Wire.EVENT, 0, Wire.EVENT.length)) {
            throw new Flaw("an event line begins with {\"stream\":");
        }
        type = null;
        meta = null;
        tags = List.of();
        redacted = null;
        dataFrom = -1;
        dataTo = -1;
        int seen = 0;
        int index = 0;
        int typeEnd = -1;
        json.reset(bytes, from, to);
        json.enterObject();
        for (; json.nextKey(); index++) {
            Key key = Key.of(json);
            seen |= key.bit();
            switch (key) {
                case STREAM -> stream(bytes, table);
                case TYPE -> {
                    if (!newer) {
                        place(index, 1, "type");
                    }
                    type(bytes);
                    typeEnd = json.position();
                }
                case REDACTED -> redacted(bytes, from, to, typeEnd);
                default -> {
                    if (newer) {
                        json.skip();
                    } else {
                        known(key, index, merge);
                    }
                }
            }
        }
        json.finish();
        if (type == null) {
            throw new Flaw("type is missing");
        }
        if (redacted != null ? index != 3 : !newer && (seen & Key.DATA.bit()) == 0) {
            throw new Flaw(redacted != null ? "a redacted line holds more" : "data is missing");
        }
        if (!newer && (seen & FOREIGN) != 0) {
            throw new Flaw("a key of headers or trailers has no place there");
        }
    }

    String data() {
        return json.raw(dataFrom, dataTo);
    }

    private void known(Key key, int index, boolean merge) throws Flaw {
        switch (key) {
            case DATA -> {
                place(index, 2, "data");
                dataFrom = json.position();
                json.skip();
                dataTo = json.position();
            }
            case META -> meta = HeaderLine.meta(json);
            case TAGS -> tags();
            case SALT -> salt(merge);
            default -> json.skip();
        }
    }

    private static void place(int index, int wanted, String key) throws Flaw {
        if (index != wanted) {
            throw new Flaw("stream, type and data stand first, in this order; " + key + " does not");
        }
    }

    private void stream(byte[] bytes, @Nullable StreamTable table) throws Flaw {
        json.string();
        streamFrom = json.from;
        streamTo = json.to;
        streamEscaped = json.escaped;
        if (table != null) {
            stream = table.find(bytes, json);
            if (stream < 0) {
                throw new Flaw("the stream " + Names.quoted(json.text()) + " is not in the header's streams");
            }
        }
    }

    private void type(byte[] bytes) throws Flaw {
        json.string();
        try {
            TypeCache.Entry entry = types.of(bytes, json);
            type = entry.type();
            typeName = entry.name();
        } catch (IllegalArgumentException e) {
            throw new Flaw(String.valueOf(e.getMessage()));
        }
    }

    /** The line has to be {@code {"stream":…,"type":…,"redacted":"<64 hex>"}}, byte for byte. */
    private void redacted(byte[] bytes, int from, int to, int typeEnd) throws Flaw {
        json.string();
        int hash = to - Wire.END.length - Wire.HASH_DIGITS;
        int tail = hash - Wire.REDACTED.length;
        int streamEnd = streamTo + 1;
        boolean exact = typeEnd == tail
                && json.from == hash
                && standsAt(bytes, tail, Wire.REDACTED)
                && standsAt(bytes, streamEnd, Wire.TYPE)
                && standsAt(bytes, to - Wire.END.length, Wire.END)
                && streamFrom == from + Wire.EVENT.length + 1
                && bytes[streamEnd + Wire.TYPE.length] == '"'
                && Hex.isHex(bytes, hash, hash + Wire.HASH_DIGITS);
        if (!exact) {
            throw new Flaw("redacted has a place in a redacted line alone: stream, type and 64 lower-case hex digits");
        }
        redacted = Hex.parse(bytes, hash, hash + Wire.HASH_DIGITS);
    }

    private static boolean standsAt(byte[] bytes, int at, byte[] word) {
        return Arrays.equals(bytes, at, at + word.length, word, 0, word.length);
    }

    private void tags() throws Flaw {
        List<String> read = new ArrayList<>();
        json.enterArray();
        for (int count = 1; json.nextElement(); count++) {
            json.string();
            if (json.utf8Length() > Limits.TAG) {
                throw Flaw.limit("bytes of a tag", json.utf8Length(), Limits.TAG);
            }
            if (count <= Limits.TAGS) {
                read.add(json.text());
            } else if (json.peek() == ']') {
                // Told at the end, so that the flaw says how many there are.
                throw Flaw.limit("tags", count, Limits.TAGS);
            }
        }
        tags = read;
    }

    private void salt(boolean merge) throws Flaw {
        json.string();
        String text = json.text();
        boolean good = !merge && text.length() == SALT_CHARACTERS;
        for (int i = 0; good && i < SALT_CHARACTERS; i++) {
            char c = text.charAt(i);
            good = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        }
        if (!good) {
            throw new Flaw(merge ? "salt: a merge has none" : "salt: not 22 base64url characters");
        }
    }
}
