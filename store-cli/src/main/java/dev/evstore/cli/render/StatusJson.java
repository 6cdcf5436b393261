package dev.evstore.cli.render;

import dev.evstore.core.StoreStatus;
import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.history.ReplicaSequence;
import dev.evstore.core.history.StaleRead;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Where a store stands, as members of an object. */
final class StatusJson {

    private StatusJson() {}

    /**
     * @param staleReads null where nobody asked for them
     */
    static void write(JsonGenerator json, StoreStatus status, @Nullable List<StaleRead> staleReads) {
        json.writeStringProperty("replica", status.replica().toString());
        json.writeStringProperty("epoch", status.epoch());
        json.writeNumberProperty("generation", status.generation());
        json.writeNumberProperty("transactions", status.transactions());
        json.writeNumberProperty("events", status.events());
        json.writeNumberProperty("streams", status.streams());
        json.writeStringProperty("digest", status.digest().toString());
        json.writeArrayPropertyStart("forks");
        for (ForkUnit unit : status.forks()) {
            JsonRenderer.strings(json, unit.streams());
        }
        json.writeEndArray();
        json.writeName("incomplete");
        JsonRenderer.strings(json, status.incomplete());
        json.writeName("dangling");
        JsonRenderer.strings(json, status.dangling());
        json.writeArrayPropertyStart("sequences");
        status.sequences().forEach(sequence -> write(json, sequence));
        json.writeEndArray();
        json.writeNumberProperty("moreSequences", status.moreSequences());
        json.writeNumberProperty("uncommitted", status.uncommitted());
        if (staleReads != null) {
            json.writeArrayPropertyStart("staleReads");
            staleReads.forEach(read -> write(json, read));
            json.writeEndArray();
        }
        json.writeArrayPropertyStart("findings");
        status.findings().forEach(finding -> JsonRenderer.write(json, finding));
        json.writeEndArray();
        json.writeNumberProperty("moreFindings", status.moreFindings());
        json.writeBooleanProperty("clean", status.isClean());
    }

    private static void write(JsonGenerator json, StaleRead read) {
        json.writeStartObject();
        json.writeStringProperty("tx", read.transaction().toString());
        json.writeStringProperty("stream", read.stream().value());
        json.writeName("seen");
        JsonRenderer.strings(json, read.seen());
        json.writeName("were");
        JsonRenderer.strings(json, read.were());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, ReplicaSequence sequence) {
        json.writeStartObject();
        json.writeStringProperty("replica", sequence.replica().toString());
        json.writeNumberProperty("newest", sequence.newest());
        json.writeNumberProperty("missing", sequence.missing());
        json.writeNumberProperty("shared", sequence.shared());
        json.writeEndObject();
    }
}
