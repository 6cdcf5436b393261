package dev.evstore.core.codec;

/** A payload can't be read or written. Its message never holds anything of the payload (rule R7). */
public final class PayloadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param flaw what is wrong, and where, in words of ours: places and classes, no values and no keys
     */
    public PayloadException(String flaw) {
        super(flaw);
    }

    /**
     * What code of the application threw, by class and stack alone: its message may quote the payload.
     *
     * @param flaw what failed, in words of ours
     */
    public static PayloadException withheld(String flaw, Throwable thrown) {
        PayloadException exception =
                new PayloadException(flaw + " (" + thrown.getClass().getName() + ")");
        exception.setStackTrace(thrown.getStackTrace());
        return exception;
    }
}
