package dev.evstore.core.append;

import dev.evstore.core.Finding;
import dev.evstore.core.Finding.Code;
import dev.evstore.core.id.Names;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import org.jspecify.annotations.Nullable;

/**
 * The findings that follow from what is visible, in the same words in every store. {@code where} is what the store
 * knows of the place: the file, or {@code transaction <id>}.
 */
public final class Findings {

    /** How many findings a status holds; the rest is counted (rule V2). */
    public static final int MAX = 1000;

    /** How far ahead of this machine's clock an id may be before it is worth a word (rule I6). */
    public static final long CLOCK_AHEAD_MILLIS = 3_600_000;

    private Findings() {}

    /** Where something is that has no file. */
    public static String where(TransactionId transaction) {
        return "transaction " + transaction;
    }

    /** Rule V3. */
    public static Finding newerFormat(int format, String where) {
        return new Finding(
                Code.NEWER_FORMAT,
                "A transaction has format " + format + ", which this version can order but not read; "
                        + "its streams can't be written here.",
                where,
                "needs a newer evstore: update evstore on this machine");
    }

    /** Rule I5. */
    public static Finding variant(TransactionId id, String where) {
        return new Finding(
                Code.VARIANT,
                "Transaction " + id + " is here with different contents; the one with the smaller hash counts.",
                where,
                "find out who changed a copy, and remove the wrong one; "
                        + "the transactions that name it as parent tell which one their writers had seen");
    }

    /** Rule I5. */
    public static Finding parentMismatch(TransactionId child, String where) {
        return new Finding(
                Code.PARENT_MISMATCH,
                "The writer of transaction " + child + " had seen a parent with other contents than counts here.",
                where,
                "compare the parent's copies: one of them was changed after it was written");
    }

    /** Rule F1. */
    public static Finding namesNoHead(TransactionId transaction, StreamId stream, TransactionId head, String where) {
        return new Finding(
                Code.NAMES_NO_HEAD,
                "Transaction " + transaction + " names " + head + " as a head of " + Names.quoted(stream.value())
                        + ", which that does not write, or freely; it supersedes nothing.",
                where,
                "nothing is lost; update the program that wrote it");
    }

    /** Rule A6. */
    public static Finding commandTwice(String command, TransactionId first, TransactionId other, String where) {
        return new Finding(
                Code.COMMAND_TWICE,
                "Command " + Names.quoted(command) + " was applied twice; transaction " + first + " is the first, "
                        + other + " repeats it.",
                where,
                "compensate for the repetition if it matters");
    }

    /** Rule I6, more than ten years. */
    public static Finding farFuture(TransactionId id, String where) {
        return new Finding(
                Code.FAR_FUTURE,
                "Transaction " + id + " is more than ten years ahead of this machine's clock; it is not followed.",
                where,
                "if the clock here is right, remove the file that holds it");
    }

    /**
     * Whether a writer's id shows that its clock is more than an hour ahead (rule I6). One that follows closely on a
     * parent does not: it had to be later than what its writer saw, whatever the clock said.
     */
    public static boolean isClockAhead(TransactionId id, @Nullable TransactionId newestParent, long wallMillis) {
        return id.millis() > wallMillis + CLOCK_AHEAD_MILLIS
                && (newestParent == null || id.millis() > newestParent.millis() + 1);
    }

    /** Rule I6, more than an hour. */
    public static Finding clockAhead(ReplicaId replica, TransactionId newest, String where) {
        return new Finding(
                Code.CLOCK_AHEAD,
                "The clock of replica " + replica + " is more than an hour ahead of this machine's: " + newest + ".",
                where,
                "set the clock of that machine; the order stays right");
    }
}
