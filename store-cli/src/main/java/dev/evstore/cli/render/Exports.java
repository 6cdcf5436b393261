package dev.evstore.cli.render;

import dev.evstore.core.event.Origin;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.event.StoredEvent;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Events as lines for other programs, and for {@code import}. */
public final class Exports {

    private Exports() {}

    /** What {@code import} takes back; the transaction is the label. */
    public static String importable(RecordedEvent event) {
        return JsonRenderer.object(json -> {
            json.writeStringProperty("stream", event.stream().value());
            json.writeStringProperty("type", event.type().value());
            json.writeName("data").writeRawValue(event.data());
            if (event.meta() != null) {
                json.writeName("meta").writeRawValue(event.meta());
            }
            if (!event.tags().isEmpty()) {
                json.writeName("tags");
                JsonRenderer.strings(json, event.tags());
            }
            json.writeStringProperty("tx", event.id().transaction().toString());
        });
    }

    /**
     * A CloudEvent, version 1.0, in structured mode. Extensions: {@code streamversion}; {@code evtags} and {@code evmeta}
     * as JSON in text, because an extension is no array and no object; {@code evredacted} or {@code evopaque} of an event
     * without data.
     */
    public static String cloudEvent(StoredEvent event) {
        @Nullable Origin origin = Origins.of(event);
        return JsonRenderer.object(json -> {
            json.writeStringProperty("specversion", "1.0");
            json.writeStringProperty("id", event.id().toString());
            json.writeStringProperty("source", source(event, origin));
            json.writeStringProperty("subject", event.stream().value());
            json.writeStringProperty("type", event.type().value());
            if (origin != null && isInstant(origin.at())) {
                json.writeStringProperty("time", origin.at());
            }
            json.writeNumberProperty("streamversion", event.version().value());
            if (event instanceof RecordedEvent recorded) {
                writePayload(json, recorded);
            } else {
                json.writeBooleanProperty(event instanceof RedactedEvent ? "evredacted" : "evopaque", true);
            }
        });
    }

    private static void writePayload(JsonGenerator json, RecordedEvent event) {
        if (!event.tags().isEmpty()) {
            json.writeStringProperty("evtags", JsonRenderer.array(event.tags()));
        }
        if (event.meta() != null) {
            json.writeStringProperty("evmeta", event.meta());
        }
        json.writeStringProperty("datacontenttype", "application/json");
        json.writeName("data").writeRawValue(event.data());
    }

    private static String source(StoredEvent event, @Nullable Origin origin) {
        if (event.id().transaction().isMerge()) {
            return "urn:evstore:merge";
        }
        return origin == null ? "urn:evstore:unknown" : "urn:evstore:replica:" + origin.replica();
    }

    /** The writer's digits may name no real instant, such as a 31st of June. */
    private static boolean isInstant(String at) {
        try {
            Instant.parse(at);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
