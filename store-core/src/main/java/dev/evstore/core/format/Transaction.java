package dev.evstore.core.format;

import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.Sha256;
import java.util.Arrays;
import java.util.List;

/**
 * A valid transaction together with its bytes, which are never serialised again (rule V5). Immutable, as long as
 * nobody writes into the array of {@link #bytes()}.
 *
 * @param header what it says
 * @param bytes its lines, each with its LF: header, events, trailer; not copied
 * @param lines where its event lines lie, one for each of {@code header.events()}
 */
public record Transaction(TransactionHeader header, byte[] bytes, List<Line> lines) {

    public Transaction {
        lines = List.copyOf(lines);
    }

    /**
     * An event line within the transaction.
     *
     * @param offset of its first byte, from the transaction's first byte
     * @param length in bytes, without the LF
     * @param leaf what the trailer covers of it
     */
    public record Line(int offset, int length, Sha256 leaf) {}

    /** The bytes of an event's line, without the LF, copied. */
    public byte[] line(int ordinal) {
        Line line = lines.get(ordinal);
        return Arrays.copyOfRange(bytes, line.offset(), line.offset() + line.length());
    }

    /** Equal transactions have equal bytes. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Transaction that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return header.id().hashCode();
    }

    @Override
    public String toString() {
        return "Transaction[" + header.id() + ", " + bytes.length + " bytes]";
    }
}
