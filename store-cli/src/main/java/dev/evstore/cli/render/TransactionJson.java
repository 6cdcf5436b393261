package dev.evstore.cli.render;

import dev.evstore.core.event.Origin;
import dev.evstore.core.history.TransactionHeader;
import tools.jackson.core.JsonGenerator;

/** A transaction's header as JSON: the names are those of the event files. */
final class TransactionJson {

    private TransactionJson() {}

    static void write(JsonGenerator json, TransactionHeader header) {
        Origin origin = header.origin();
        json.writeStringProperty("tx", header.id().toString());
        json.writeBooleanProperty("merge", header.isMerge());
        json.writeStringProperty(
                "replica", origin == null ? null : origin.replica().toString());
        if (origin == null) {
            json.writeNullProperty("seq");
        } else {
            json.writeNumberProperty("seq", origin.sequence());
        }
        json.writeStringProperty("at", origin == null ? null : origin.at());
        json.writeName("parents");
        JsonRenderer.strings(json, header.parents().keySet());
        json.writeObjectPropertyStart("streams");
        header.writes().forEach((stream, write) -> {
            json.writeObjectPropertyStart(stream.value());
            if (write instanceof TransactionHeader.Superseding superseding) {
                json.writeName("heads");
                JsonRenderer.strings(json, superseding.heads());
            } else {
                json.writeBooleanProperty("free", true);
            }
            json.writeEndObject();
        });
        json.writeEndObject();
        json.writeObjectPropertyStart("reads");
        header.reads().forEach((stream, heads) -> {
            json.writeObjectPropertyStart(stream.value());
            json.writeName("heads");
            JsonRenderer.strings(json, heads);
            json.writeEndObject();
        });
        json.writeEndObject();
        json.writeStringProperty("command", header.command());
        json.writeName("meta").writeRawValue(header.meta() == null ? "null" : header.meta());
        json.writeStringProperty("sha256", header.trailer().toString());
    }

    /** Its events without payloads, as a retraction of the feed has them. */
    static void writeSlots(JsonGenerator json, TransactionHeader header) {
        json.writeArrayPropertyStart("events");
        for (int k = 0; k < header.events().size(); k++) {
            TransactionHeader.Slot slot = header.events().get(k);
            json.writeStartObject();
            json.writeNumberProperty("ordinal", k);
            json.writeStringProperty("stream", slot.stream().value());
            json.writeStringProperty("type", slot.type().value());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
