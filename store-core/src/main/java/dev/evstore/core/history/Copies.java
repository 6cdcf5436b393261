package dev.evstore.core.history;

import dev.evstore.core.id.TransactionId;
import java.util.Collection;
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
                counting.put(copy.id(), other.redacting(copy.redacted()));
            } else {
                variants.add(copy.id());
                if (order < 0) {
                    counting.put(copy.id(), copy);
                }
            }
        }
        return new Copies(counting, variants);
    }
}
