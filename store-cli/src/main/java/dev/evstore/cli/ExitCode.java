package dev.evstore.cli;

/** What the program's exit code says. */
public final class ExitCode {

    public static final int DONE = 0;
    /** From {@code status}, {@code forks} and {@code commit} among others: something waits for a person. */
    public static final int FINDINGS = 1;
    /** What the user gave can't be used. */
    public static final int USAGE = 2;
    /** A stream was not as expected, is forked where that was not accepted, or changed while it was read. */
    public static final int CONFLICT = 3;
    /** The store can't be read or written. */
    public static final int STORE_UNUSABLE = 4;
    /** Git refused or is missing, or the repository needs a person. */
    public static final int GIT = 5;
    /** A cursor is not of this index. */
    public static final int STALE_CURSOR = 6;
    /** A bug of evstore. */
    public static final int BUG = 70;
    /** Ended by the user. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
