package dev.evstore.fs.projection;

import org.jspecify.annotations.Nullable;

/** A projection's database is not what was written there: it is set aside and built again (rule S10). */
final class DamagedStateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DamagedStateException(String what, @Nullable Throwable cause) {
        super(what, cause);
    }
}
