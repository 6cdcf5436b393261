package dev.evstore.fs.projection;

/** Somebody else has written where this host thought it was alone: its fence is raised, and nothing was written (rule S2). */
final class StateLostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StateLostException(String what) {
        super(what);
    }
}
