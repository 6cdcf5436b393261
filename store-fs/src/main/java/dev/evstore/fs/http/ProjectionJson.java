package dev.evstore.fs.http;

import dev.evstore.core.projection.FailedEvent;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import dev.evstore.fs.StoredView;
import java.io.StringWriter;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Projections as JSON text, alike over HTTP and on the command line. */
public final class ProjectionJson {

    private static final JsonFactory FACTORY = new JsonFactory();

    private ProjectionJson() {}

    /**
     * Where a projection stands: {@code {"name","state","progress","eta","reason","paused","active","served","stale",
     * "differs","position","lag","rate","counts":{…},"lastError","failures":[{"event","key","error","parked"}…]}}. The
     * state is {@code ready}, {@code rebuilding}, {@code waiting} or {@code failed}; the eta is in seconds, the rate in
     * events a second.
     *
     * @param failures events that could not be folded
     */
    public static String status(ProjectionStatus status, List<FailedEvent> failures) {
        return object(json -> {
            write(json, status);
            json.writeArrayPropertyStart("failures");
            for (FailedEvent failure : failures) {
                json.writeStartObject();
                json.writeStringProperty("event", failure.event().toString());
                json.writeStringProperty("key", failure.key());
                json.writeStringProperty("error", failure.error());
                json.writeBooleanProperty("parked", failure.parked());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /** A row, its state as it is stored: {@code {"key","state","position","stale","differs"}}. */
    public static String row(StoredView row) {
        return object(json -> {
            json.writeStringProperty("key", row.key());
            json.writeName("state").writeRawValue(row.json());
            json.writeStringProperty("position", row.position().toString());
            json.writeBooleanProperty("stale", row.stale());
            json.writeBooleanProperty("differs", row.differs());
        });
    }

    /** The word for a readiness: what {@code X-Projection-Status} says. */
    public static String word(Readiness readiness) {
        // Sealed, but Java 17 has no switch over types.
        if (readiness instanceof Readiness.Ready) {
            return "ready";
        }
        return readiness instanceof Readiness.Rebuilding
                ? "rebuilding"
                : readiness instanceof Readiness.Waiting ? "waiting" : "failed";
    }

    static String statuses(boolean ready, List<ProjectionStatus> statuses) {
        return object(json -> {
            json.writeBooleanProperty("ready", ready);
            json.writeArrayPropertyStart("projections");
            for (ProjectionStatus status : statuses) {
                json.writeStartObject();
                write(json, status);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    static String names(Collection<String> names) {
        return object(json -> {
            json.writeArrayPropertyStart("projections");
            names.forEach(json::writeString);
            json.writeEndArray();
        });
    }

    /**
     * @param next the key to go on behind, or null if that was all
     */
    static String rows(List<StoredView> rows, @Nullable String next) {
        return object(json -> {
            json.writeArrayPropertyStart("rows");
            for (StoredView row : rows) {
                json.writeStartObject();
                json.writeStringProperty("key", row.key());
                json.writeName("state").writeRawValue(row.json());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringProperty("next", next);
        });
    }

    static String error(String error, String what, String where, String remedy) {
        return object(json -> json.writeStringProperty("error", error)
                .writeStringProperty("what", what)
                .writeStringProperty("where", where)
                .writeStringProperty("try", remedy));
    }

    private static void write(JsonGenerator json, ProjectionStatus status) {
        json.writeStringProperty("name", status.name());
        json.writeStringProperty("state", word(status.readiness()));
        if (status.readiness() instanceof Readiness.Rebuilding rebuilding) {
            json.writeNumberProperty("progress", Math.floor(rebuilding.progress() * 1_000) / 1_000);
            json.writeName("eta");
            if (rebuilding.eta() == null) {
                json.writeNull();
            } else {
                json.writeNumber(rebuilding.eta().toSeconds());
            }
        } else if (status.readiness() instanceof Readiness.Waiting waiting) {
            json.writeStringProperty("reason", waiting.reason());
        } else if (status.readiness() instanceof Readiness.Failed failed) {
            json.writeStringProperty("reason", failed.reason());
        }
        json.writeBooleanProperty("paused", status.paused());
        json.writeBooleanProperty("active", status.active());
        json.writeBooleanProperty("served", status.served());
        json.writeBooleanProperty("stale", status.stale());
        json.writeBooleanProperty("differs", status.differs());
        json.writeStringProperty(
                "position", status.position() == null ? null : status.position().toString());
        json.writeNumberProperty("lag", status.lag());
        json.writeNumberProperty("rate", Math.round(status.counts().perSecond()));
        ProjectionStatus.Counts counts = status.counts();
        json.writeObjectPropertyStart("counts");
        json.writeNumberProperty("events", counts.events());
        json.writeNumberProperty("refolded", counts.refolded());
        json.writeNumberProperty("redacted", counts.redacted());
        json.writeNumberProperty("skipped", counts.skipped());
        json.writeNumberProperty("parked", counts.parked());
        json.writeNumberProperty("writes", counts.writes());
        json.writeEndObject();
        json.writeStringProperty("lastError", status.lastError());
    }

    private static String object(Consumer<JsonGenerator> members) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            members.accept(json);
            json.writeEndObject();
        }
        return text.toString();
    }
}
