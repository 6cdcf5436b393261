package dev.evstore.cli.render;

import dev.evstore.core.event.Origin;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.Fork;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A fork as it is shown (rule F4).
 *
 * @param ancestorVersion how many events every head reaches
 * @param free the stream's free events since the fork: they are on no branch
 */
public record ForkView(StreamId stream, long ancestorVersion, List<Head> heads, List<StoredEvent> free) {

    /**
     * A head of the fork: who wrote it, and what lies between it and the ancestor.
     *
     * @param origin who wrote it; null for a merge, of a newer format, or when it can't be read
     * @param resolved the heads that a merge superseded here; none of another head
     * @param events in canonical order
     */
    public record Head(
            TransactionId transaction, @Nullable Origin origin, List<TransactionId> resolved, List<Shown> events) {}

    /**
     * @param alsoReachedBy the other heads that reach the event, so that nobody counts it twice
     */
    public record Shown(StoredEvent event, List<TransactionId> alsoReachedBy) {}

    /**
     * @param events the divergent events, as far as they could be read
     * @param headers says of a transaction what it is; null if it is gone
     */
    public static ForkView of(
            Fork fork,
            Map<EventId, StoredEvent> events,
            List<StoredEvent> free,
            Function<TransactionId, @Nullable TransactionHeader> headers) {
        Map<TransactionId, List<Shown>> branches = new LinkedHashMap<>();
        fork.heads().forEach(head -> branches.put(head, new ArrayList<>()));
        for (Fork.Divergent divergent : fork.divergent()) {
            for (TransactionId head : divergent.reachedBy()) {
                branches.computeIfAbsent(head, id -> new ArrayList<>()).addAll(shown(divergent, head, events));
            }
        }
        List<Head> heads = new ArrayList<>();
        branches.forEach((id, shown) -> {
            TransactionHeader header = headers.apply(id);
            heads.add(new Head(
                    id,
                    header == null ? null : header.origin(),
                    header != null && header.isMerge() ? header.supersedes(fork.stream()) : List.of(),
                    List.copyOf(shown)));
        });
        return new ForkView(fork.stream(), fork.ancestorVersion(), heads, List.copyOf(free));
    }

    private static List<Shown> shown(Fork.Divergent divergent, TransactionId head, Map<EventId, StoredEvent> events) {
        List<TransactionId> others = divergent.reachedBy().stream()
                .filter(other -> !other.equals(head))
                .toList();
        List<Shown> shown = new ArrayList<>();
        for (EventId id : divergent.events()) {
            StoredEvent event = events.get(id);
            if (event != null) {
                shown.add(new Shown(event, others));
            }
        }
        return shown;
    }
}
