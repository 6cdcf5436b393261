package dev.evstore.cli.declared;

import dev.evstore.core.event.EventType;
import dev.evstore.core.event.Origin;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamVersion;
import dev.evstore.core.projection.ProjectedEvent;
import dev.evstore.core.projection.Projection;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Declared projections of a test, folded without a store. */
final class Given {

    private Given() {}

    /** The rest of a declaration with one field, as flow YAML. */
    static Declaration field(String rules) {
        return one("projections:\n  - name: p\n    key: stream\n    fields:\n      f: " + rules + "\n");
    }

    static Declaration one(String text) {
        return DeclarationReader.read("projections.yaml", text).get(0);
    }

    static ProjectedEvent event(String type, String data) {
        return event("s", type, data);
    }

    static ProjectedEvent event(String stream, String type, String data) {
        return new ProjectedEvent(recorded(stream, type, data), null);
    }

    private static RecordedEvent recorded(String stream, String type, String data) {
        return new RecordedEvent(
                EventId.of("01a1f98c-d151-72ee-9136-93dfe5849844/3"),
                StreamId.of(stream),
                new StreamVersion(1),
                EventType.of(type),
                data,
                null,
                List.of(),
                new Origin(ReplicaId.of("ed49c2fc-a926-4222-9e12-17f1cf2ca320"), 1, "2026-11-20T06:00:00.123Z"));
    }

    /** The JSON text of the row that events make, or null for none. */
    static @Nullable String row(Declaration declaration, ProjectedEvent... events) {
        Projection<RowState> projection = declaration.projection();
        @Nullable RowState row = null;
        for (ProjectedEvent event : events) {
            BiFunction<RowState, ProjectedEvent, @Nullable RowState> handler = projection.handler(event);
            if (handler != null) {
                row = handler.apply(row == null ? projection.initial() : row, event);
            }
        }
        return row == null ? null : new RowPayloads().write(row);
    }
}
