package dev.evstore.core.reconcile;

import dev.evstore.core.event.OpaqueEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.StreamVersion;

/** Events with the versions they have in a fork. */
final class Numbered {

    private Numbered() {}

    static StoredEvent as(long number, StoredEvent event) {
        StreamVersion version = StreamVersion.of(number);
        if (event instanceof RecordedEvent e) {
            return new RecordedEvent(e.id(), e.stream(), version, e.type(), e.data(), e.meta(), e.tags(), e.origin());
        }
        if (event instanceof RedactedEvent e) {
            return new RedactedEvent(e.id(), e.stream(), version, e.type(), e.origin());
        }
        OpaqueEvent e = (OpaqueEvent) event;
        return new OpaqueEvent(e.id(), e.stream(), version, e.type(), e.line());
    }
}
