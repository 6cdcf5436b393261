package dev.evstore.core.format;

/**
 * What makes bytes no valid transaction, in words that say where, the value and the limit. Never leaves the package:
 * a reader tells it to its sink, an encoder refuses with it.
 */
final class Flaw extends Exception {

    private static final long serialVersionUID = 1;

    Flaw(String what) {
        // No stack trace: a hostile file can hold a flaw in every line.
        super(what, null, false, false);
    }

    /** The same, with the place before it. */
    Flaw at(String where) {
        return new Flaw(where + what());
    }

    String what() {
        String what = getMessage();
        return what == null ? "" : what;
    }

    static Flaw limit(String what, long value, long limit) {
        return new Flaw(what + ": " + value + "; at most " + limit);
    }
}
