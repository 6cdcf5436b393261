package dev.evstore.core.format;

/** The format's limits (rule V4), enforced while reading and before writing. Sizes are in bytes, lines without LF. */
public final class Limits {

    private static final int MIB = 1 << 20;

    public static final int FILE = 32 * MIB;
    public static final int EVENT_LINE = MIB;
    public static final int HEADER_LINE = MIB;
    public static final int MERGE_HEADER_LINE = 16 * MIB;
    /** Of the raw value, of a transaction's or an event's metadata. */
    public static final int META = 64 * 1024;

    public static final int TYPE = 255;
    public static final int TAG = 255;
    public static final int TAGS = 64;
    /** With its LFs. */
    public static final int TRANSACTION = 16 * MIB;

    public static final int EVENTS = 4096;
    public static final int STREAMS = 256;
    public static final int READS = 256;
    public static final int PARENTS = 64;
    /** In code points. */
    public static final int COMMAND = 200;
    /** Nesting of JSON, a line's own object being 1. */
    public static final int DEPTH = 64;
    /** In characters. */
    public static final int NUMBER = 64;
    /** Absolute value of an exponent as written. */
    public static final int EXPONENT = 400;

    private Limits() {}
}
