package dev.evstore.cli;

import dev.evstore.core.CommandReusedException;
import dev.evstore.core.GitRefusedException;
import dev.evstore.core.StaleCursorException;
import dev.evstore.core.StoreException;
import dev.evstore.core.StreamForkedException;
import dev.evstore.core.StreamReadOnlyException;
import dev.evstore.core.WriteFailedException;
import dev.evstore.core.WrongExpectedVersionException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/**
 * What went wrong, as a user reads it. Immutable.
 *
 * @param exit the program's exit code
 * @param error what kind; part of the command line's JSON
 * @param what what is wrong, in a sentence
 * @param where the file and line, stream, transaction, cursor or option
 * @param remedy what to do about it
 */
public record Problem(int exit, String error, String what, String where, String remedy) {

    /** Something the user gave that can't be used. */
    public static Problem usage(String what, String where, String remedy) {
        return new Problem(ExitCode.USAGE, "usage", what, where, remedy);
    }

    /** Input that can't be read. */
    public static Problem unreadable(String what, String name, IOException why) {
        String reason = why instanceof NoSuchFileException
                ? "there is no such file"
                : why instanceof AccessDeniedException ? "permission denied" : message(why);
        return usage(what, name + ": " + reason, "check the name and the file");
    }

    /** What an exception means to a user: one of ours is told, any other is a bug. */
    public static Problem of(Throwable thrown) {
        if (thrown instanceof Trouble trouble) {
            return trouble.problem();
        }
        if (thrown instanceof StoreException store) {
            return of(store);
        }
        if (thrown instanceof IllegalArgumentException given) {
            return usage(
                    "What was given breaks a rule of the store.", message(given), "correct it; --help shows examples");
        }
        return new Problem(
                ExitCode.BUG,
                "bug",
                "evstore has met a bug of its own.",
                thrown.getClass().getSimpleName() + ": " + message(thrown),
                "run the same with --debug and report what it prints");
    }

    private static Problem of(StoreException store) {
        // Sealed, but Java 17 has no switch over types; a kind that is missing here reads as an unusable store.
        if (store instanceof WrongExpectedVersionException) {
            return of(ExitCode.CONFLICT, "version-conflict", store);
        }
        if (store instanceof StreamForkedException) {
            return of(ExitCode.CONFLICT, "stream-forked", store);
        }
        if (store instanceof StaleCursorException) {
            return of(ExitCode.STALE_CURSOR, "stale-cursor", store);
        }
        if (store instanceof CommandReusedException) {
            return of(ExitCode.USAGE, "command-reused", store);
        }
        if (store instanceof StreamReadOnlyException) {
            return of(ExitCode.STORE_UNUSABLE, "stream-read-only", store);
        }
        if (store instanceof GitRefusedException) {
            return of(ExitCode.GIT, "git-refused", store);
        }
        if (store instanceof WriteFailedException failed) {
            boolean nothing = failed.outcome() == WriteFailedException.Outcome.NOTHING_WRITTEN;
            return of(ExitCode.STORE_UNUSABLE, nothing ? "write-failed" : "not-acknowledged", store);
        }
        return of(ExitCode.STORE_UNUSABLE, "store-unusable", store);
    }

    private static Problem of(int exit, String error, StoreException store) {
        return new Problem(exit, error, store.what(), store.where(), store.remedy());
    }

    private static String message(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? "no message" : message;
    }

    /** The same, and where in the input it was met. */
    public Problem at(String place) {
        return new Problem(exit, error, what, place + ": " + where, remedy);
    }

    /** The same, with something to add to what to do. */
    public Problem adding(String advice) {
        return new Problem(exit, error, what, where, remedy + "; " + advice);
    }
}
