package dev.evstore.core.projection.engine;

import org.jspecify.annotations.Nullable;

/** A projection can't go on by itself. What it was doing is not written. The message holds no payload (rule R7). */
public final class ProjectionFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String where;

    /**
     * @param where the event, or the row by an event of it: a key may say what a payload says
     */
    public ProjectionFailedException(String what, String where, @Nullable Throwable cause) {
        super(what, cause);
        this.where = where;
    }

    /**
     * What code of the application threw, by class and stack alone: its message may quote the payload.
     *
     * @param what what failed, in words of ours
     */
    static ProjectionFailedException withheld(String what, String where, Throwable thrown) {
        ProjectionFailedException exception = new ProjectionFailedException(what, where, null);
        exception.setStackTrace(thrown.getStackTrace());
        return exception;
    }

    /** The same, with more to say of it. */
    ProjectionFailedException because(String why) {
        ProjectionFailedException exception = new ProjectionFailedException(getMessage() + why, where, getCause());
        exception.setStackTrace(getStackTrace());
        return exception;
    }

    public String where() {
        return where;
    }
}
