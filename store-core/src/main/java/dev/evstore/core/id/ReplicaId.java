package dev.evstore.core.id;

import java.util.UUID;

/**
 * The identity of one writing working copy: a UUID of any version. Nothing depends on it being unique. Immutable.
 *
 * @param value the UUID
 */
public record ReplicaId(UUID value) {

    /**
     * @param text 36 lower-case characters
     * @throws IllegalArgumentException if the text is anything else
     */
    public static ReplicaId of(String text) {
        if (!isValid(text)) {
            throw new IllegalArgumentException(
                    "not a replica id: " + Names.quoted(text) + "; it has to be a UUID in 36 lower-case characters");
        }
        return new ReplicaId(UUID.fromString(text));
    }

    /** Whether the text is a UUID in 36 lower-case characters. */
    public static boolean isValid(String text) {
        if (text.length() != 36) {
            return false;
        }
        for (int i = 0; i < 36; i++) {
            char c = text.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return true;
    }

    /** The last eight hex digits, which mark this replica's file names. */
    public String shortForm() {
        return toString().substring(28);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
