package dev.evstore.core;

import org.jspecify.annotations.Nullable;

/** An append met disk trouble. It tells which of two things holds (rule A2). */
public final class WriteFailedException extends StoreException {

    private static final long serialVersionUID = 1L;

    /** What an append that failed left behind. */
    public enum Outcome {
        /** Nothing: it can be tried again. */
        NOTHING_WRITTEN,
        /** The event file may be there, and the next look at the files takes it in. Append again only with a command. */
        WRITTEN_NOT_ACKNOWLEDGED
    }

    private final Outcome outcome;

    public WriteFailedException(Outcome outcome, String where, String remedy, @Nullable Throwable cause) {
        super(
                outcome == Outcome.NOTHING_WRITTEN
                        ? "The append failed; nothing was written."
                        : "The append was written and not acknowledged.",
                where,
                remedy,
                cause);
        this.outcome = outcome;
    }

    public Outcome outcome() {
        return outcome;
    }
}
