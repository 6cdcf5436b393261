package dev.evstore.cli.input;

import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.format.Limits;
import dev.evstore.core.id.StreamId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Groups lines into transactions: consecutive lines of one label are one transaction; lines without a label are grouped
 * by number, and by less where the format's limits ask for it. Holds one transaction at a time.
 */
public final class Batches {

    /** Text held for one transaction, in bytes of UTF-8: its limit in the format, and room for escapes and blanks. */
    private static final long MOST_TEXT = 2L * Limits.TRANSACTION;

    private final int perTransaction;
    private final Map<StreamId, ExpectedVersion> expectations = new LinkedHashMap<>();
    private final List<Append.Entry> entries = new ArrayList<>();
    private @Nullable String label;
    private long text;
    private long firstLine;
    private long lastLine;

    /**
     * @param perTransaction how many lines without a label make a transaction, 1..4096
     * @throws IllegalArgumentException if that is out of range
     */
    public Batches(int perTransaction) {
        if (perTransaction < 1 || perTransaction > Limits.EVENTS) {
            throw new IllegalArgumentException(
                    "a transaction has 1 to " + Limits.EVENTS + " events, not " + perTransaction);
        }
        this.perTransaction = perTransaction;
    }

    /**
     * A whole transaction.
     *
     * @param firstLine the number of its first line in the input
     * @param lastLine the number of its last line
     */
    public record Batch(Append append, long firstLine, long lastLine) {

        /** Where the batch stands in the input called {@code name}. */
        public String place(String name) {
            return name + (firstLine == lastLine ? ", line " + firstLine : ", lines " + firstLine + " to " + lastLine);
        }
    }

    /** The transaction that is complete because this line does not belong to it, or null. Call before {@link #add}. */
    public @Nullable Batch before(InputEvent next) {
        return entries.isEmpty() || belongs(next) ? null : take();
    }

    /**
     * Takes a line in.
     *
     * @return the transaction that is complete with it, or null
     * @throws IllegalArgumentException if the line can't stand in the transaction that its label puts it in
     */
    public @Nullable Batch add(InputEvent next, long line) {
        if (entries.isEmpty()) {
            firstLine = line;
            label = next.label();
        }
        ExpectedVersion expected = expectations.putIfAbsent(next.stream(), next.expected());
        if (expected != null && !expected.equals(next.expected())) {
            throw new IllegalArgumentException("one transaction expects two things of the stream " + next.stream());
        }
        if (entries.size() == Limits.EVENTS || text + next.size() > MOST_TEXT) {
            throw new IllegalArgumentException("a transaction has at most " + Limits.EVENTS + " events and "
                    + Limits.TRANSACTION + " bytes; the one that begins in line " + firstLine + " has more");
        }
        entries.add(new Append.Entry(next.stream(), next.event()));
        text += next.size();
        lastLine = line;
        return label == null && entries.size() == perTransaction ? take() : null;
    }

    /** What is left at the end of the input, or null. */
    public @Nullable Batch rest() {
        return entries.isEmpty() ? null : take();
    }

    private boolean belongs(InputEvent next) {
        if (!Objects.equals(label, next.label())) {
            return false;
        }
        if (label != null) {
            return true;
        }
        boolean oneStreamTooMany = expectations.size() == Limits.STREAMS && !expectations.containsKey(next.stream());
        // Half of what a transaction may have: what the header and the lines' keys add fits into the rest.
        return !oneStreamTooMany && text + next.size() <= Limits.TRANSACTION / 2;
    }

    private Batch take() {
        Batch batch = new Batch(new Append(expectations, entries, Map.of(), null, null), firstLine, lastLine);
        expectations.clear();
        entries.clear();
        text = 0;
        return batch;
    }
}
