package dev.evstore.core.append;

import dev.evstore.core.Append;
import dev.evstore.core.event.Origin;
import dev.evstore.core.format.Draft;
import dev.evstore.core.format.EventLine;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.format.TransactionEncoder;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;

/** Whether an append says again what a transaction of the same command said (rule A6). */
final class Repetition {

    private static final TransactionId SOME_ID = new TransactionId(0x7000, Long.MIN_VALUE);
    private static final Origin SOME_WRITER =
            new Origin(new ReplicaId(new UUID(0, 0)), 1, Origin.format(Instant.EPOCH));

    private Repetition() {}

    /**
     * Same streams, types and data in the same order; data as bytes without white space. An event redacted since is
     * compared without its data. Metadata and tags may differ: a repeated call may carry another trace id.
     */
    static boolean of(Append append, Transaction first) {
        List<TransactionHeader.Slot> slots = first.header().events();
        if (slots.size() != append.events().size()) {
            return false;
        }
        Transaction again = encoded(append);
        for (int k = 0; k < slots.size(); k++) {
            TransactionHeader.Slot slot = slots.get(k);
            Append.Entry entry = append.events().get(k);
            if (!slot.stream().equals(entry.stream())
                    || !slot.type().equals(entry.event().type())) {
                return false;
            }
            if (!slot.redacted() && !data(first, k).equals(data(again, k))) {
                return false;
            }
        }
        return true;
    }

    /** As it would be written to an empty store: the encoder alone decides what text of data stands in a line. */
    private static Transaction encoded(Append append) {
        TreeMap<StreamId, TransactionHeader.Write> writes = new TreeMap<>();
        append.expectations().keySet().forEach(stream -> writes.put(stream, new TransactionHeader.Free()));
        List<Draft.Event> events = append.events().stream()
                .map(entry -> new Draft.Event(entry.stream(), entry.event(), null))
                .toList();
        return TransactionEncoder.encode(
                new Draft(SOME_ID, SOME_WRITER, new TreeMap<>(), writes, new TreeMap<>(), null, null, events));
    }

    private static String data(Transaction transaction, int ordinal) {
        return EventLine.parse(transaction.line(ordinal)).data();
    }
}
