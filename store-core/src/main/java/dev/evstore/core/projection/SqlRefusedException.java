package dev.evstore.core.projection;

/** SQLite refuses a statement on a projection's tables: it breaks a constraint, or names what is not there. */
public final class SqlRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SqlRefusedException(String what, Throwable cause) {
        super(what, cause);
    }
}
