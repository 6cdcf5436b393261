package dev.evstore.core.format;

import java.nio.charset.StandardCharsets;

/** The bytes that lines begin and end with. */
final class Wire {

    static final byte[] HEADER = ascii("{\"v\":");
    static final byte[] EVENT = ascii("{\"stream\":");
    static final byte[] TYPE = ascii(",\"type\":");
    static final byte[] REDACTED = ascii(",\"redacted\":\"");
    static final byte[] TRAILER = ascii("{\"sha256\":\"");
    static final byte[] END = ascii("\"}");
    static final int HASH_DIGITS = 64;
    static final int HALF_DIGITS = 32;
    static final int TRAILER_LENGTH = TRAILER.length + HASH_DIGITS + END.length;

    private Wire() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
