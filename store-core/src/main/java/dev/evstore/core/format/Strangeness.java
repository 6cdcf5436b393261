package dev.evstore.core.format;

import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/**
 * Recognises what other tools make of an event file, so that one flaw tells how to mend it instead of many that tell
 * what it broke. It explains; what is valid is decided elsewhere.
 */
final class Strangeness {

    private enum Kind {
        CONFLICT(
                "git conflict markers: a merge was left unresolved in an event file; put the transactions of both sides"
                        + " into files of their own and leave the markers out"),
        LFS("a git LFS pointer stands here in place of the file; fetch the file with: git lfs pull"),
        CRLF("converted line ends: lines end with CR LF; check the file out again with events/.gitattributes in place"
                + " and no other .gitattributes below events/, or take every CR before an LF away"),
        MARK("a byte order mark begins the file; take its first three bytes away"),
        UTF_16("not UTF-8: the file looks like UTF-16"),
        ZEROS("zero bytes, as a power cut leaves them; the transaction there was never acknowledged or is elsewhere");

        private final String what;

        Kind(String what) {
            this.what = what;
        }
    }

    private static final byte[][] CONFLICT_MARKERS = {
        Wire.ascii("<<<<<<< "), Wire.ascii("||||||| "), Wire.ascii("======="), Wire.ascii(">>>>>>> ")
    };
    private static final byte[] POINTER = Wire.ascii("version https://git-lfs.github.com/spec/");
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final byte[] LITTLE_ENDIAN = {(byte) 0xFF, (byte) 0xFE};
    private static final byte[] BIG_ENDIAN = {(byte) 0xFE, (byte) 0xFF};
    private static final byte[] ZERO = {0};

    private final EnumSet<Kind> told = EnumSet.noneOf(Kind.class);

    /**
     * What to say of a flaw at the window's current line.
     *
     * @return null if it has been said of this file
     */
    @Nullable
    String explain(LineWindow window, String flaw) {
        Kind kind = kind(window);
        if (kind == null) {
            return flaw;
        }
        return told.add(kind) ? kind.what : null;
    }

    private static @Nullable Kind kind(LineWindow window) {
        if (window.endsWithReturn()) {
            return Kind.CRLF;
        }
        for (byte[] marker : CONFLICT_MARKERS) {
            if (window.startsWith(marker)) {
                return Kind.CONFLICT;
            }
        }
        if (window.startsWith(POINTER)) {
            return Kind.LFS;
        }
        if (window.startsWith(ZERO)) {
            return Kind.ZEROS;
        }
        if (window.line() > 1) {
            return null;
        }
        if (window.startsWith(BYTE_ORDER_MARK)) {
            return Kind.MARK;
        }
        return window.startsWith(LITTLE_ENDIAN) || window.startsWith(BIG_ENDIAN) ? Kind.UTF_16 : null;
    }
}
