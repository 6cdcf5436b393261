package dev.evstore.cli.render;

import dev.evstore.core.ReconcileReport;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** What came of reconciling, as members of an object. */
final class ReconcileJson {

    private ReconcileJson() {}

    static void write(JsonGenerator json, ReconcileReport report) {
        json.writeArrayPropertyStart("resolved");
        for (ReconcileReport.Resolved one : report.resolved()) {
            json.writeStartObject();
            json.writeName("streams");
            JsonRenderer.strings(json, one.streams());
            json.writeStringProperty("tx", one.transaction().toString());
            json.writeNumberProperty("events", one.events());
            json.writeBooleanProperty("alreadyThere", one.alreadyThere());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("unresolved");
        for (ReconcileReport.Unresolved one : report.unresolved()) {
            json.writeStartObject();
            json.writeName("streams");
            JsonRenderer.strings(json, one.streams());
            json.writeStringProperty(
                    "why", one.why().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            json.writeStringProperty("reason", one.reason());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
