package dev.evstore.core.format;

import java.util.Arrays;

/** Grows an array of UTF-8. Strings are written by the one rule for every line: as few escapes as JSON allows. */
final class ByteWriter {

    private byte[] bytes = new byte[512];
    private int size;

    int size() {
        return size;
    }

    /** The array itself, of which {@link #size()} bytes count. */
    byte[] bytes() {
        return bytes;
    }

    /** Takes everything from {@code newSize} on away again. */
    void cut(int newSize) {
        size = newSize;
    }

    ByteWriter ascii(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[size++] = (byte) text.charAt(i);
        }
        return this;
    }

    ByteWriter put(char c) {
        room(1);
        bytes[size++] = (byte) c;
        return this;
    }

    ByteWriter put(byte[] source, int from, int to) {
        room(to - from);
        System.arraycopy(source, from, bytes, size, to - from);
        size += to - from;
        return this;
    }

    /**
     * Writes a string with its quotes: only {@code "}, {@code \} and U+0000–001F are escaped (rule M1).
     *
     * @throws IllegalArgumentException if the text has a lone surrogate, and so no UTF-8
     */
    ByteWriter string(String text) {
        put('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                put('\\').put(c);
            } else if (c < 0x20) {
                control(c);
            } else if (c < 0x80) {
                put(c);
            } else if (c < 0x800) {
                utf8(0xC0 | c >> 6, 1, c);
            } else if (!Character.isSurrogate(c)) {
                utf8(0xE0 | c >> 12, 2, c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                int codePoint = Character.toCodePoint(c, text.charAt(++i));
                utf8(0xF0 | codePoint >> 18, 3, codePoint);
            } else {
                throw new IllegalArgumentException("a lone surrogate at character " + i);
            }
        }
        return put('"');
    }

    private void control(char c) {
        int known = "\b\t\n\f\r".indexOf(c);
        if (known >= 0) {
            put('\\').put("btnfr".charAt(known));
        } else {
            ascii("\\u00").put(Character.forDigit(c >> 4, 16)).put(Character.forDigit(c & 0xF, 16));
        }
    }

    private void utf8(int lead, int more, int codePoint) {
        put((char) lead);
        for (int shift = 6 * (more - 1); shift >= 0; shift -= 6) {
            put((char) (0x80 | (codePoint >> shift & 0x3F)));
        }
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
