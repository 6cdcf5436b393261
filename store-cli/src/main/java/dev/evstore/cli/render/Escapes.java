package dev.evstore.cli.render;

/**
 * The one place where what could deceive a reader is made visible: control characters, line ends, bidirectional and
 * zero-width format characters, tags, noncharacters, and halves of surrogate pairs become {@code \}{@code u} and four hex digits. The
 * ranges are written out, never taken from the JDK's tables, so that every machine prints the same.
 */
public final class Escapes {

    /** Inclusive ranges, ascending. */
    private static final int[] UNSAFE = {
        0x0000, 0x001F, 0x007F, 0x009F, 0x00AD, 0x00AD, 0x061C, 0x061C, 0x180E, 0x180E, 0x200B, 0x200F, 0x2028, 0x202E,
        0x2060, 0x206F, 0xD800, 0xDFFF, 0xFDD0, 0xFDEF, 0xFEFF, 0xFEFF, 0xFFF9, 0xFFFB, 0xE0000, 0xE007F
    };

    private Escapes() {}

    /**
     * Text without anything unsafe in it. Of JSON text without white space outside strings the result is the same JSON
     * value: there such characters stand inside strings only, never after a backslash.
     */
    public static String escape(String text) {
        int i = firstUnsafe(text);
        if (i == text.length()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, i);
        while (i < text.length()) {
            int c = text.codePointAt(i);
            int end = i + Character.charCount(c);
            if (isUnsafe(c)) {
                for (; i < end; i++) {
                    out.append(String.format("\\u%04x", (int) text.charAt(i)));
                }
            } else {
                out.appendCodePoint(c);
            }
            i = end;
        }
        return out.toString();
    }

    private static int firstUnsafe(String text) {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c >= 0x20 && c < 0x7F) {
                i++;
                continue;
            }
            int point = text.codePointAt(i);
            if (isUnsafe(point)) {
                return i;
            }
            i += Character.charCount(point);
        }
        return i;
    }

    private static boolean isUnsafe(int c) {
        if ((c & 0xFFFE) == 0xFFFE) {
            return true;
        }
        for (int i = 0; i < UNSAFE.length; i += 2) {
            if (c >= UNSAFE[i] && c <= UNSAFE[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
