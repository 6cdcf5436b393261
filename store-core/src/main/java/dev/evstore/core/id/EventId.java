package dev.evstore.core.id;

import java.util.Comparator;

/**
 * The identity of an event: its transaction and its place in it. Events order canonically by transaction id, then
 * ordinal. Immutable.
 *
 * @param transaction the transaction that holds the event
 * @param ordinal 0-based place in the transaction, 0..4095
 */
public record EventId(TransactionId transaction, int ordinal) implements Comparable<EventId> {

    private static final Comparator<EventId> CANONICAL =
            Comparator.comparing(EventId::transaction).thenComparingInt(EventId::ordinal);

    /**
     * @throws IllegalArgumentException if the ordinal is out of range
     */
    public EventId {
        if (ordinal < 0 || ordinal > 4095) {
            throw new IllegalArgumentException("an event's ordinal is 0..4095, not " + ordinal);
        }
    }

    /**
     * @param text {@code <transaction>/<ordinal>}
     * @throws IllegalArgumentException if the text is anything else
     */
    public static EventId of(String text) {
        int slash = text.indexOf('/');
        if (slash != 36 || !text.substring(slash + 1).matches("0|[1-9][0-9]{0,3}")) {
            throw new IllegalArgumentException(
                    "not an event id: " + Names.quoted(text) + "; it has to be <transaction>/<ordinal>");
        }
        return new EventId(TransactionId.of(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    @Override
    public int compareTo(EventId other) {
        return CANONICAL.compare(this, other);
    }

    @Override
    public String toString() {
        return transaction + "/" + ordinal;
    }
}
