package dev.evstore.core.projection.engine;

import org.jspecify.annotations.Nullable;

/** A projection can't go on by itself. What it was doing is not written. The message holds no payload (rule R7). */
public final class ProjectionFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String where;

    /**
     * @param where the event, or the row's key
     */
    public ProjectionFailedException(String what, String where, @Nullable Throwable cause) {
        super(what, cause);
        this.where = where;
    }

    public String where() {
        return where;
    }
}
