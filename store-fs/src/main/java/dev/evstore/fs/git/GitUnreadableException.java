package dev.evstore.fs.git;

import java.io.IOException;

/** Git's own files can't be read, so it is not known what git holds. */
public final class GitUnreadableException extends IOException {

    private static final long serialVersionUID = 1L;

    GitUnreadableException(Throwable cause) {
        super(String.valueOf(cause.getMessage()), cause);
    }
}
