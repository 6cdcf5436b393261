package dev.evstore.core;

import org.jspecify.annotations.Nullable;

/**
 * Trouble that a caller can do something about. The message's first sentence says what; then follow {@code where} and
 * {@code try}.
 */
public abstract sealed class StoreException extends RuntimeException
        permits WrongExpectedVersionException,
                StaleCursorException,
                CommandReusedException,
                StreamReadOnlyException,
                UndecodableEventException,
                StreamForkedException,
                StoreUnusableException,
                WriteFailedException,
                GitRefusedException {

    private static final long serialVersionUID = 1L;

    private final String what;
    private final String where;
    private final String remedy;

    StoreException(String what, String where, String remedy, @Nullable Throwable cause) {
        super(what + " where: " + where + ". try: " + remedy + ".", cause);
        this.what = what;
        this.where = where;
        this.remedy = remedy;
    }

    /** What is wrong, in a sentence that is the same for all cases of this kind. */
    public String what() {
        return what;
    }

    /** The path, stream, transaction or cursor it is about. */
    public String where() {
        return where;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }
}
