package dev.evstore.core.format;

import dev.evstore.core.id.Names;
import java.nio.charset.StandardCharsets;

/**
 * A cursor over one line of JSON, as strict as rule V1 and no stricter: UTF-8, no white space outside strings, no
 * duplicate key at any depth, no lone surrogate, bounded nesting and numbers. Whoever drives it takes the values it
 * knows and {@link #skip()}s the rest, which is checked all the same.
 *
 * <p>Strings and numbers are not copied: {@link #from} and {@link #to} bound the last one in the bytes. Reused from
 * line to line; not thread-safe.
 */
final class StrictJson {

    private final DistinctKeys keys;
    private byte[] bytes = {};
    private int at;
    private int end;
    private int depth;
    /** Whether a container was just entered, so that no comma is due. */
    private boolean fresh;

    /** The last string's content without its quotes, or the last number. */
    int from;

    int to;
    /** Whether the last string holds an escape, so that its bytes are not yet its text. */
    boolean escaped;

    StrictJson() {
        this(new DistinctKeys());
    }

    StrictJson(DistinctKeys keys) {
        this.keys = keys;
    }

    /** Starts anew, with the bytes of {@code [start, limit)}. */
    void reset(byte[] line, int start, int limit) {
        bytes = line;
        at = start;
        end = limit;
        depth = 0;
        fresh = false;
        keys.reset(line);
    }

    /** The next byte's place. */
    int position() {
        return at;
    }

    /** The next byte, or -1 at the end. */
    int peek() {
        return at < end ? bytes[at] : -1;
    }

    /** Refuses anything behind the line's value. */
    void finish() throws Flaw {
        if (at != end) {
            throw unexpected("the end of the line");
        }
    }

    void enterObject() throws Flaw {
        enter((byte) '{', "an object");
        keys.open();
    }

    /**
     * Moves to the next key of the object entered last; its text is then the last string.
     *
     * @return false at the object's end, which is passed
     */
    boolean nextKey() throws Flaw {
        if (!nextMember((byte) '}')) {
            keys.close();
            return false;
        }
        string();
        keys.add(from, to, escaped);
        if (peek() != ':') {
            throw unexpected("a colon");
        }
        at++;
        return true;
    }

    void enterArray() throws Flaw {
        enter((byte) '[', "an array");
    }

    /**
     * Moves to the next element of the array entered last.
     *
     * @return false at the array's end, which is passed
     */
    boolean nextElement() throws Flaw {
        return nextMember((byte) ']');
    }

    /** Passes a value of any kind. Recursion goes no deeper than {@link Limits#DEPTH}. */
    void skip() throws Flaw {
        switch (peek()) {
            case '{' -> {
                enterObject();
                while (nextKey()) {
                    skip();
                }
            }
            case '[' -> {
                enterArray();
                while (nextElement()) {
                    skip();
                }
            }
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        }
    }

    void literal(String word) throws Flaw {
        int length = word.length();
        for (int i = 0; i < length; i++) {
            if (at + i >= end || bytes[at + i] != word.charAt(i)) {
                throw unexpected(word);
            }
        }
        at += length;
    }

    /** Takes a number by JSON's grammar, within the limits of rule V1. */
    void number() throws Flaw {
        int start = at;
        int i = start;
        if (i < end && bytes[i] == '-') {
            i++;
        }
        int whole = i;
        i = digits(i);
        if (i == whole) {
            throw unexpected("a value");
        }
        if (bytes[whole] == '0') {
            i = whole + 1;
        }
        if (i < end && bytes[i] == '.') {
            int fraction = digits(i + 1);
            if (fraction == i + 1) {
                throw unexpected("a number");
            }
            i = fraction;
        }
        if (i < end && (bytes[i] | 0x20) == 'e') {
            int sign = i + 1 < end && (bytes[i + 1] == '+' || bytes[i + 1] == '-') ? i + 2 : i + 1;
            i = digits(sign);
            if (i == sign) {
                throw unexpected("a number");
            }
            checkExponent(sign, i);
        }
        if (i - start > Limits.NUMBER) {
            throw Flaw.limit("characters of a number", i - start, Limits.NUMBER);
        }
        from = start;
        to = i;
        at = i;
    }

    private int digits(int start) {
        int i = start;
        while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
            i++;
        }
        return i;
    }

    private void checkExponent(int start, int limit) throws Flaw {
        int exponent = 0;
        for (int i = start; i < limit; i++) {
            exponent = exponent * 10 + bytes[i] - '0';
            if (exponent > Limits.EXPONENT) {
                throw new Flaw("a number's exponent: more than " + Limits.EXPONENT);
            }
        }
    }

    /** Takes a string; {@link #text()} decodes it. */
    void string() throws Flaw {
        if (peek() != '"') {
            throw unexpected("a string");
        }
        int i = at + 1;
        from = i;
        escaped = false;
        while (true) {
            if (i >= end) {
                at = i;
                throw unexpected("the end of a string");
            }
            int c = bytes[i];
            if (c < 0) {
                i = utf8(i);
            } else if (c == '"') {
                break;
            } else if (c == '\\') {
                escaped = true;
                i = escape(i);
            } else if (c < 0x20) {
                throw new Flaw(String.format("JSON: a control character in a string, byte %02x", c));
            } else {
                i++;
            }
        }
        to = i;
        at = i + 1;
    }

    /** The last string, decoded. */
    String text() {
        return text(bytes, from, to, escaped);
    }

    /** The raw text from here to there. */
    String raw(int start, int limit) {
        return new String(bytes, start, limit - start, StandardCharsets.UTF_8);
    }

    /** Whether the last string is this ASCII word. */
    boolean is(String word) {
        if (escaped) {
            return text().equals(word);
        }
        int length = word.length();
        if (to - from != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Bytes of the last string in UTF-8. */
    int utf8Length() {
        return escaped ? Names.utf8Length(text()) : to - from;
    }

    /** A string of {@code bytes} that has been checked, decoded. */
    static String text(byte[] bytes, int from, int to, boolean escaped) {
        String raw = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        if (!escaped) {
            return raw;
        }
        StringBuilder text = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char kind = raw.charAt(++i);
            switch (kind) {
                case 'b' -> text.append('\b');
                case 't' -> text.append('\t');
                case 'n' -> text.append('\n');
                case 'f' -> text.append('\f');
                case 'r' -> text.append('\r');
                case 'u' -> {
                    text.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
                    i += 4;
                }
                default -> text.append(kind);
            }
        }
        return text.toString();
    }

    Flaw unexpected(String expected) {
        int c = peek();
        String found = c == -1 && at >= end
                ? "the end of the line"
                : c > 0x20 && c < 0x7F ? "'" + (char) c + "'" : String.format("byte %02x", c & 0xFF);
        return new Flaw("JSON: " + expected + " expected, not " + found);
    }

    private void enter(byte bracket, String what) throws Flaw {
        if (peek() != bracket) {
            throw unexpected(what);
        }
        if (depth == Limits.DEPTH) {
            throw Flaw.limit("levels of nesting", depth + 1L, Limits.DEPTH);
        }
        depth++;
        at++;
        fresh = true;
    }

    private boolean nextMember(byte bracket) throws Flaw {
        boolean first = fresh;
        fresh = false;
        int c = peek();
        if (c == bracket) {
            depth--;
            at++;
            return false;
        }
        if (!first) {
            if (c != ',') {
                throw unexpected("a comma");
            }
            at++;
        }
        return true;
    }

    /** Passes one character beyond ASCII: by the table of well-formed UTF-8, Unicode's table 3-7. */
    private int utf8(int i) throws Flaw {
        int lead = bytes[i] & 0xFF;
        int second = i + 1 < end ? bytes[i + 1] & 0xFF : 0;
        int length;
        boolean good;
        if (lead < 0xE0) {
            length = 2;
            good = lead >= 0xC2 && second >= 0x80 && second <= 0xBF;
        } else if (lead < 0xF0) {
            length = 3;
            good = second >= (lead == 0xE0 ? 0xA0 : 0x80) && second <= (lead == 0xED ? 0x9F : 0xBF);
        } else {
            length = 4;
            good = lead <= 0xF4 && second >= (lead == 0xF0 ? 0x90 : 0x80) && second <= (lead == 0xF4 ? 0x8F : 0xBF);
        }
        for (int k = 2; good && k < length; k++) {
            good = i + k < end && (bytes[i + k] & 0xC0) == 0x80;
        }
        if (!good) {
            throw new Flaw(String.format("not UTF-8: byte %02x", lead));
        }
        return i + length;
    }

    /** Passes one escape; a surrogate has to be one of an escaped pair, as raw UTF-8 has none. */
    private int escape(int i) throws Flaw {
        int kind = i + 1 < end ? bytes[i + 1] : -1;
        switch (kind) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return i + 2;
            }
            case 'u' -> {
                char c = unit(i);
                if (!Character.isSurrogate(c)) {
                    return i + 6;
                }
                boolean paired = Character.isHighSurrogate(c)
                        && i + 7 < end
                        && bytes[i + 6] == '\\'
                        && bytes[i + 7] == 'u'
                        && Character.isLowSurrogate(unit(i + 6));
                if (!paired) {
                    throw new Flaw("JSON: a lone surrogate in a string");
                }
                return i + 12;
            }
            default -> {
                at = Math.min(i + 1, end);
                throw unexpected("an escape");
            }
        }
    }

    private char unit(int i) throws Flaw {
        int unit = 0;
        for (int k = i + 2; k < i + 6; k++) {
            int digit = k < end ? Hex.digitOfAnyCase(bytes[k]) : -1;
            if (digit < 0) {
                at = Math.min(k, end);
                throw unexpected("four hex digits");
            }
            unit = unit << 4 | digit;
        }
        return (char) unit;
    }
}
