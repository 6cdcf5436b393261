package dev.evstore.core.history;

import dev.evstore.core.history.TransactionHeader.Slot;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Rule I5: one transaction for every id, whatever copies of it there are and in whatever order they come.
 *
 * @param counting the transaction that counts for each id, redacted where any copy of it is
 * @param variants the ids that came with different trailers
 */
record Copies(SortedMap<TransactionId, TransactionHeader> counting, SortedSet<TransactionId> variants) {

    static Copies settle(Collection<TransactionHeader> copies) {
        SortedMap<TransactionId, TransactionHeader> counting = new TreeMap<>();
        SortedSet<TransactionId> variants = new TreeSet<>();
        for (TransactionHeader copy : copies) {
            TransactionHeader other = counting.putIfAbsent(copy.id(), copy);
            if (other == null) {
                continue;
            }
            int order = copy.trailer().compareTo(other.trailer());
            if (order == 0) {
                counting.put(copy.id(), unite(other, copy));
            } else {
                variants.add(copy.id());
                if (order < 0) {
                    counting.put(copy.id(), copy);
                }
            }
        }
        return new Copies(counting, variants);
    }

    /** Equal trailers mean equal transactions but for lines redacted in one copy only; those have lost their tags. */
    private static TransactionHeader unite(TransactionHeader a, TransactionHeader b) {
        List<Slot> events = new ArrayList<>();
        for (int k = 0; k < a.events().size(); k++) {
            events.add(
                    a.events().get(k).redacted()
                            ? a.events().get(k)
                            : b.events().get(k));
        }
        return new TransactionHeader(
                a.id(),
                a.trailer(),
                a.format(),
                a.origin(),
                a.parents(),
                a.writes(),
                a.reads(),
                a.command(),
                a.meta(),
                events);
    }
}
