package dev.evstore.cli.render;

import dev.evstore.core.Finding;
import dev.evstore.core.history.ForkUnit;
import dev.evstore.fs.MergeReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** What a merge brought, as JSON. */
final class MergeJson {

    private MergeJson() {}

    static void write(JsonGenerator json, MergeReport report) {
        json.writeObjectPropertyStart("committed");
        JsonRenderer.members(json, report.committed());
        json.writeEndObject();
        json.writeStringProperty(
                "outcome", report.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        json.writeObjectPropertyStart("arrived");
        json.writeNumberProperty("transactions", report.arrived().transactions());
        json.writeNumberProperty("events", report.arrived().events());
        json.writeNumberProperty("late", report.arrived().late());
        json.writeEndObject();
        json.writeNumberProperty("retracted", report.retracted());
        json.writeArrayPropertyStart("forks");
        for (ForkUnit unit : report.status().forks()) {
            JsonRenderer.strings(json, unit.streams());
        }
        json.writeEndArray();
        ReconcileJson.write(json, report.reconciled());
        json.writeArrayPropertyStart("missing");
        for (MergeReport.Missing missing : report.missing()) {
            json.writeStartObject();
            json.writeStringProperty("file", missing.file());
            json.writeName("transactions");
            JsonRenderer.strings(json, missing.transactions());
            json.writeStringProperty("removedBy", missing.removedBy());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberProperty("moreMissing", report.moreMissing());
        json.writeName("conflicts");
        JsonRenderer.strings(json, report.conflicts());
        json.writeArrayPropertyStart("findings");
        List<Finding> findings = new ArrayList<>(report.elsewhere());
        findings.addAll(report.status().findings());
        findings.forEach(finding -> JsonRenderer.write(json, finding));
        json.writeEndArray();
        json.writeStringProperty("commit", report.commit());
        json.writeStringProperty("digest", report.status().digest().toString());
        json.writeNumberProperty("generation", report.status().generation());
    }
}
