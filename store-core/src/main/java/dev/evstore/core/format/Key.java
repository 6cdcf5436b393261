package dev.evstore.core.format;

import java.util.Arrays;

/** The keys that format 1 knows, at a line's own level. */
enum Key {
    V("v", 1 << 0),
    TX("tx", 1 << 1),
    REPLICA("replica", 1 << 2),
    SEQ("seq", 1 << 3),
    AT("at", 1 << 4),
    PARENTS("parents", 1 << 5),
    STREAMS("streams", 1 << 6),
    READS("reads", 1 << 7),
    COMMAND("command", 1 << 8),
    META("meta", 1 << 9),
    EVENTS("events", 1 << 10),
    STREAM("stream", 1 << 11),
    TYPE("type", 1 << 12),
    DATA("data", 1 << 13),
    TAGS("tags", 1 << 14),
    SALT("salt", 1 << 15),
    REDACTED("redacted", 1 << 16),
    SHA256("sha256", 1 << 17),
    /** Any other: allowed where rule V1 says so, and covered. */
    UNKNOWN("", 1 << 18);

    private static final Key[][] BY_LENGTH = new Key[9][];

    static {
        for (int length = 0; length < BY_LENGTH.length; length++) {
            int wanted = length;
            BY_LENGTH[length] = Arrays.stream(values())
                    .filter(key -> key != UNKNOWN && key.word.length() == wanted)
                    .toArray(Key[]::new);
        }
    }

    private final String word;
    private final int bit;

    Key(String word, int bit) {
        this.word = word;
        this.bit = bit;
    }

    /** Which key the cursor's last string is. */
    static Key of(StrictJson json) {
        int length = json.utf8Length();
        if (length < BY_LENGTH.length) {
            for (Key key : BY_LENGTH[length]) {
                if (json.is(key.word)) {
                    return key;
                }
            }
        }
        return UNKNOWN;
    }

    /** This key's bit in a set of keys. */
    int bit() {
        return bit;
    }

    static int bits(Key... keys) {
        int bits = 0;
        for (Key key : keys) {
            bits |= key.bit;
        }
        return bits;
    }

    /** One of a set of keys, as it is written. */
    static String first(int bits) {
        for (Key key : values()) {
            if ((bits & key.bit) != 0) {
                return key.word;
            }
        }
        throw new IllegalArgumentException("no key");
    }
}
