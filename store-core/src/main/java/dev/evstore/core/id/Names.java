package dev.evstore.core.id;

import org.jspecify.annotations.Nullable;

/**
 * The rules for names, by the closed ranges of rule V1: never by the JDK's character tables, which change between
 * versions and would make two replicas disagree about what is valid.
 */
public final class Names {

    private static final int[] FORBIDDEN = {
        0x0000, 0x001F, 0x007F, 0x009F, 0x061C, 0x061C, 0x200B, 0x200F, 0x2028, 0x202E, 0x2060, 0x206F, 0xFDD0, 0xFDEF,
        0xFEFF, 0xFEFF
    };

    private Names() {}

    /** What breaks rule V1 in a stream name, or null if nothing does. */
    public static @Nullable String streamFlaw(String name) {
        int bytes = utf8Length(name);
        if (bytes < 0) {
            return "a lone surrogate";
        }
        if (bytes < 1 || bytes > StreamId.MAX_BYTES) {
            return bytes + " bytes of UTF-8; 1 to " + StreamId.MAX_BYTES + " are allowed";
        }
        for (int i = 0; i < name.length(); i = name.offsetByCodePoints(i, 1)) {
            int c = name.codePointAt(i);
            if (c == '*' || c == '?' || c == '[' || c == ']') {
                return "the wildcard character " + (char) c + " is not allowed";
            }
            if (isForbidden(c)) {
                return String.format("the character U+%04X is not allowed", c);
            }
        }
        if (isBlank(name.codePointAt(0)) || isBlank(name.codePointBefore(name.length()))) {
            return "a blank at an end is not allowed";
        }
        return null;
    }

    /** What is wrong with an event type's name, or null: 1..255 bytes of UTF-8. */
    public static @Nullable String typeFlaw(String name) {
        int bytes = utf8Length(name);
        if (bytes < 0) {
            return "a lone surrogate";
        }
        return bytes < 1 || bytes > 255 ? bytes + " bytes of UTF-8; 1 to 255 are allowed" : null;
    }

    /** Length in bytes of UTF-8, or -1 if the text has a lone surrogate and so no UTF-8 at all. */
    public static int utf8Length(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                return -1;
            }
        }
        return bytes;
    }

    /** Order of the texts' UTF-8 bytes, unsigned: the same as the order of their code points. */
    public static int compareUtf8(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // Surrogates stand for code points above every other UTF-16 unit.
                boolean xs = Character.isSurrogate(x);
                boolean ys = Character.isSurrogate(y);
                return xs == ys ? Character.compare(x, y) : xs ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** The text in quotes, shortened and with everything that is not printable ASCII escaped: safe in a message. */
    public static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        int shown = Math.min(text.length(), 80);
        for (int i = 0; i < shown; i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c >= 0x20 && c < 0x7F) {
                out.append(c);
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
        return out.append(shown < text.length() ? "\"…" : "\"").toString();
    }

    private static boolean isForbidden(int c) {
        if ((c & 0xFFFE) == 0xFFFE) {
            return true;
        }
        for (int i = 0; i < FORBIDDEN.length; i += 2) {
            if (c >= FORBIDDEN[i] && c <= FORBIDDEN[i + 1]) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBlank(int c) {
        return c == 0x20
                || c == 0xA0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200A)
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }
}
