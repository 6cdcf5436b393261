package dev.evstore.cli.render;

import dev.evstore.core.event.Origin;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.Fork;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A head of a fork as it is shown (rule F4): who wrote it, and what lies between it and the ancestor.
 *
 * @param origin who wrote the head; null for a merge, or when its event can't be read
 * @param events in canonical order
 */
record ForkHead(TransactionId transaction, @Nullable Origin origin, List<Shown> events) {

    /**
     * @param alsoReachedBy the other heads that reach the event, so that nobody counts it twice
     */
    record Shown(StoredEvent event, List<TransactionId> alsoReachedBy) {}

    static ForkHead of(Fork fork, TransactionId head, Map<EventId, StoredEvent> known) {
        List<Shown> shown = new ArrayList<>();
        Origin origin = null;
        for (Fork.Divergent divergent : fork.branch(head)) {
            List<TransactionId> others = divergent.reachedBy().stream()
                    .filter(other -> !other.equals(head))
                    .toList();
            for (EventId id : divergent.events()) {
                StoredEvent event = known.get(id);
                if (event != null) {
                    shown.add(new Shown(event, others));
                    origin = id.transaction().equals(head) ? origin(event) : origin;
                }
            }
        }
        return new ForkHead(head, origin, List.copyOf(shown));
    }

    static @Nullable Origin origin(StoredEvent event) {
        if (event instanceof RecordedEvent recorded) {
            return recorded.origin();
        }
        return event instanceof RedactedEvent redacted ? redacted.origin() : null;
    }
}
