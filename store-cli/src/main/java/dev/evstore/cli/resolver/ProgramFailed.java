package dev.evstore.cli.resolver;

import org.jspecify.annotations.Nullable;

/** A program gave no answer that can be used. Reads as its message, which becomes a unit's reason. */
@SuppressWarnings("OverrideThrowableToString") // the class says nothing to whoever reads the reason
final class ProgramFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ProgramFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public String toString() {
        return String.valueOf(getMessage());
    }
}
