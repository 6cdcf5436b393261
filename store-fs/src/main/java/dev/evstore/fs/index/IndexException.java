package dev.evstore.fs.index;

import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite refused something. */
public final class IndexException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean corrupt;
    private final boolean full;
    private final boolean ofStatement;

    IndexException(SQLException cause) {
        super(cause.getMessage(), cause);
        this.full = cause instanceof SQLiteException known && known.getResultCode() == SQLiteErrorCode.SQLITE_FULL;
        this.ofStatement = !(cause instanceof SQLiteException known)
                || switch (SQLiteErrorCode.getErrorCode(known.getResultCode().code & 0xff)) {
                    case SQLITE_ERROR,
                            SQLITE_READONLY,
                            SQLITE_TOOBIG,
                            SQLITE_CONSTRAINT,
                            SQLITE_MISMATCH,
                            SQLITE_RANGE -> true;
                    default -> false;
                };
        this.corrupt = cause instanceof SQLiteException known
                && switch (known.getResultCode()) {
                    case SQLITE_CORRUPT,
                            SQLITE_CORRUPT_INDEX,
                            SQLITE_CORRUPT_SEQUENCE,
                            SQLITE_CORRUPT_VTAB,
                            SQLITE_NOTADB -> true;
                    default -> false;
                };
    }

    /** Whether there was no room on the disk. */
    public boolean isFull() {
        return full;
    }

    /** Whether the statement or its values are to blame, and another one would have been done. */
    public boolean isOfStatement() {
        return ofStatement;
    }

    /** Whether SQLite calls the database damaged, so that it has to be built again. */
    public boolean isCorrupt() {
        return corrupt;
    }
}
