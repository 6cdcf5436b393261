package dev.evstore.core.merge;

import dev.evstore.core.append.StoreView;
import dev.evstore.core.format.Draft;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.format.TransactionEncoder;
import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.id.Names;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.Resolution;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The heads that one merge transaction supersedes, as they stood when the resolver was asked. Immutable. */
final class Merge {

    private final SortedMap<StreamId, List<TransactionId>> heads;
    private final SortedMap<TransactionId, String> trailers;

    private Merge(SortedMap<StreamId, List<TransactionId>> heads, SortedMap<TransactionId, String> trailers) {
        this.heads = heads;
        this.trailers = trailers;
    }

    /** The heads of each of the unit's streams. */
    static SortedMap<StreamId, List<TransactionId>> heads(ForkUnit unit) {
        SortedMap<StreamId, List<TransactionId>> heads = new TreeMap<>();
        unit.forks().forEach(fork -> heads.put(fork.stream(), fork.heads()));
        return heads;
    }

    /** What is to be merged; the unit's heads are those of the view. */
    static Merge of(ForkUnit unit, StoreView view) {
        SortedMap<StreamId, List<TransactionId>> heads = heads(unit);
        return new Merge(heads, trailers(heads, view));
    }

    private static SortedMap<TransactionId, String> trailers(
            SortedMap<StreamId, List<TransactionId>> heads, StoreView view) {
        SortedMap<TransactionId, String> trailers = new TreeMap<>();
        heads.values()
                .forEach(ids -> ids.forEach(id ->
                        trailers.computeIfAbsent(id, head -> view.trailer(head).half())));
        return Collections.unmodifiableSortedMap(trailers);
    }

    /** Whether the unit's heads are the view's. */
    static boolean isCurrent(ForkUnit unit, StoreView view) {
        return areHeads(heads(unit), view);
    }

    private static boolean areHeads(SortedMap<StreamId, List<TransactionId>> heads, StoreView view) {
        return heads.entrySet().stream()
                .allMatch(stream -> view.heads(stream.getKey()).equals(stream.getValue()));
    }

    /** Whether the heads are still those that the resolver was shown, with the contents they had (rule I5). */
    boolean stands(StoreView view) {
        return areHeads(heads, view) && trailers(heads, view).equals(trailers);
    }

    /**
     * The transaction: a function of the heads and the resolution alone (rule M1).
     *
     * @throws IllegalArgumentException the resolution breaks a rule
     */
    Transaction transaction(Resolution.Resolve resolution) {
        List<Draft.Event> events = new ArrayList<>();
        for (Resolution.Entry entry : resolution.events()) {
            check(entry);
            events.add(new Draft.Event(entry.stream(), entry.event(), null));
        }
        return TransactionEncoder.encodeMerge(heads, trailers, events);
    }

    private void check(Resolution.Entry entry) {
        if (!heads.containsKey(entry.stream())) {
            throw new IllegalArgumentException("the resolution has an event on "
                    + Names.quoted(entry.stream().value()) + ", which is none of the fork's streams");
        }
        if (entry.stream().reserved() || entry.event().type().reserved()) {
            throw new IllegalArgumentException("the resolution has an event on "
                    + Names.quoted(entry.stream().value()) + " of type "
                    + Names.quoted(entry.event().type().value()) + "; a leading $ is reserved for the store");
        }
        if (entry.event().redactable()) {
            throw new IllegalArgumentException(
                    "the resolution has an event on "
                            + Names.quoted(entry.stream().value())
                            + " that is marked redactable; the bytes of a resolution are the same everywhere, so it has no salt");
        }
    }
}
