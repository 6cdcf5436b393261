package dev.evstore.cli.render;

import dev.evstore.core.ReconcileReport;
import dev.evstore.core.RefreshReport;
import dev.evstore.core.StoreStatus;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** What came of reconciling, as members of an object. */
final class ReconcileJson {

    private ReconcileJson() {}

    /**
     * @param arrived what a look at the files found before
     * @param status where the store stands afterwards; nothing is committed
     */
    static void write(
            JsonGenerator json, RefreshReport arrived, ReconcileReport report, StoreStatus status, boolean dryRun) {
        json.writeObjectPropertyStart("arrived");
        json.writeNumberProperty("transactions", arrived.transactions());
        json.writeNumberProperty("events", arrived.events());
        json.writeNumberProperty("late", arrived.late());
        json.writeEndObject();
        json.writeNumberProperty("retracted", arrived.retracted());
        json.writeArrayPropertyStart("forks");
        status.forks().forEach(unit -> JsonRenderer.strings(json, unit.streams()));
        json.writeEndArray();
        write(json, report);
        json.writeNullProperty("commit");
        json.writeStringProperty("digest", status.digest().toString());
        json.writeNumberProperty("generation", status.generation());
        json.writeBooleanProperty("dryRun", dryRun);
    }

    /** The members {@code resolved} and {@code unresolved}. */
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
