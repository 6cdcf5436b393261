package dev.evstore.core.projection.engine;

/** What a {@link RowStore} was given can't be written: no event's fault. */
public abstract class UnwrittenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    protected UnwrittenException(String what, Throwable cause) {
        super(what, cause);
    }
}
