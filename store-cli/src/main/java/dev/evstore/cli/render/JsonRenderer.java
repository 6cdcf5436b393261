package dev.evstore.cli.render;

import dev.evstore.cli.Problem;
import dev.evstore.core.AppendResult;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.Finding;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.RefreshReport;
import dev.evstore.core.StoreStatus;
import dev.evstore.core.StoredTransaction;
import dev.evstore.core.StreamInfo;
import dev.evstore.core.event.OpaqueEvent;
import dev.evstore.core.event.Origin;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.StaleRead;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.projection.FailedEvent;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import dev.evstore.fs.CommitResult;
import dev.evstore.fs.HooksReport;
import dev.evstore.fs.MergeReport;
import dev.evstore.fs.PackResult;
import dev.evstore.fs.ReindexResult;
import dev.evstore.fs.ResolveReport;
import dev.evstore.fs.StoredView;
import dev.evstore.fs.SyncReport;
import dev.evstore.fs.http.ProjectionJson;
import java.io.StringWriter;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** One JSON object a line. An event has the same keys everywhere; payloads keep the text of their numbers. */
public final class JsonRenderer implements Renderer {

    private static final JsonFactory FACTORY = new JsonFactory();

    @Override
    public String made(String directory, ReplicaId replica) {
        return object(json ->
                json.writeStringProperty("store", directory).writeStringProperty("replica", replica.toString()));
    }

    @Override
    public String appended(AppendResult result) {
        return object(json -> {
            json.writeStringProperty("tx", result.transaction().toString());
            json.writeObjectPropertyStart("versions");
            result.streams()
                    .forEach((stream, state) -> json.writeNumberProperty(
                            stream.value(), state.version().value()));
            json.writeEndObject();
            json.writeBooleanProperty("alreadyApplied", result.alreadyApplied());
        });
    }

    @Override
    public String imported(long transactions, long events) {
        return object(
                json -> json.writeNumberProperty("transactions", transactions).writeNumberProperty("events", events));
    }

    @Override
    public String event(StoredEvent event) {
        return object(json -> write(json, event));
    }

    @Override
    public String found(StoredEvent event) {
        return event(event);
    }

    @Override
    public String transaction(StoredTransaction transaction) {
        return object(json -> {
            TransactionJson.write(json, transaction.header());
            json.writeArrayPropertyStart("events");
            for (StoredEvent event : transaction.events()) {
                json.writeStartObject();
                write(json, event);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    @Override
    public String logged(TransactionHeader header, boolean head) {
        return object(json -> {
            TransactionJson.write(json, header);
            TransactionJson.writeSlots(json, header);
            json.writeBooleanProperty("head", head);
        });
    }

    @Override
    public String script(String text) {
        return object(json -> json.writeStringProperty("bash", text));
    }

    @Override
    public String entry(FeedEntry entry) {
        return object(json -> {
            if (entry instanceof FeedEntry.Arrival arrival) {
                write(json, arrival.event());
                json.writeBooleanProperty("late", arrival.late());
                json.writeBooleanProperty("again", arrival.again());
            } else if (entry instanceof FeedEntry.Retraction retraction) {
                json.writeStringProperty("retracted", retraction.transaction().toString());
                json.writeArrayPropertyStart("events");
                for (FeedEntry.RetractedEvent event : retraction.events()) {
                    json.writeStartObject();
                    json.writeNumberProperty("ordinal", event.ordinal());
                    json.writeStringProperty("stream", event.stream().value());
                    json.writeStringProperty("type", event.type().value());
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeStringProperty("position", entry.position().toString());
        });
    }

    @Override
    public String stream(StreamInfo stream) {
        return object(json -> {
            json.writeStringProperty("stream", stream.id().value());
            json.writeNumberProperty("version", stream.state().version().value());
            json.writeStringProperty("digest", stream.state().digest().toString());
            json.writeBooleanProperty("forked", stream.forked());
            json.writeBooleanProperty("incomplete", stream.incomplete());
        });
    }

    @Override
    public String status(StoreStatus status, @Nullable List<StaleRead> staleReads) {
        return object(json -> StatusJson.write(json, status, staleReads));
    }

    @Override
    public String restored(List<String> files, long transactions) {
        return object(json -> {
            json.writeName("restored");
            strings(json, files);
            json.writeNumberProperty("transactions", transactions);
        });
    }

    @Override
    public String reconciled(RefreshReport arrived, ReconcileReport report, StoreStatus status, boolean dryRun) {
        return object(json -> ReconcileJson.write(json, arrived, report, status, dryRun));
    }

    @Override
    public String hooks(HooksReport report) {
        return object(json -> {
            json.writeName("hooks");
            strings(json, report.installed());
            json.writeName("left");
            strings(json, report.left());
            json.writeStringProperty("directory", report.directory());
            json.writeStringProperty("line", report.line());
        });
    }

    @Override
    public String synced(SyncReport report) {
        return object(json -> {
            json.writeStringProperty("remote", report.remote());
            json.writeBooleanProperty("pushed", report.pushed());
            MergeJson.write(json, report.merged());
        });
    }

    @Override
    public String committed(CommitResult result) {
        return object(json -> members(json, result));
    }

    static void members(JsonGenerator json, CommitResult result) {
        json.writeStringProperty("commit", result.commit().orElse(null));
        json.writeNumberProperty("transactions", result.transactions());
        json.writeNumberProperty("events", result.events());
        json.writeName("files");
        strings(json, result.files());
        json.writeArrayPropertyStart("leftOut");
        for (CommitResult.LeftOut one : result.leftOut()) {
            json.writeStartObject();
            json.writeStringProperty("tx", one.transaction().toString());
            json.writeStringProperty("file", one.file());
            json.writeName("missing");
            strings(json, one.missing());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeName("flawed");
        strings(json, result.flawed());
    }

    @Override
    public String resolved(ResolveReport report) {
        return object(json -> {
            json.writeName("staged");
            strings(json, report.files());
            json.writeNumberProperty("transactions", report.transactions());
            json.writeName("remaining");
            strings(json, report.remaining());
            json.writeStringProperty("next", report.next());
        });
    }

    @Override
    public String merged(String ref, MergeReport report) {
        return object(json -> MergeJson.write(json, report));
    }

    @Override
    public String restored(String ref, List<String> files, long transactions) {
        return restored(files, transactions);
    }

    @Override
    public String fork(List<ForkView> unit) {
        return object(json -> {
            json.writeObjectPropertyStart("streams");
            for (ForkView fork : unit) {
                json.writeObjectPropertyStart(fork.stream().value());
                json.writeNumberProperty("ancestorVersion", fork.ancestorVersion());
                json.writeArrayPropertyStart("heads");
                fork.heads().forEach(head -> write(json, head));
                json.writeEndArray();
                json.writeArrayPropertyStart("free");
                for (StoredEvent event : fork.free()) {
                    json.writeStartObject();
                    write(json, event);
                    json.writeEndObject();
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndObject();
        });
    }

    @Override
    public String digest(Digest digest) {
        return object(json -> json.writeStringProperty("digest", digest.toString()));
    }

    @Override
    public String finding(Finding finding) {
        return object(json -> members(json, finding));
    }

    @Override
    public String verified(int findings) {
        return ""; // the findings are all there is to say
    }

    @Override
    public String reindexed(ReindexResult result) {
        return object(json -> {
            json.writeNumberProperty("transactions", result.transactions());
            json.writeStringProperty("digest", result.digest().toString());
            json.writeBooleanProperty("repaired", result.repaired());
        });
    }

    @Override
    public String packed(PackResult result) {
        return object(json -> {
            json.writeStringProperty("commit", result.commit().orElse(null));
            json.writeName("packs");
            strings(json, result.packs());
            json.writeNumberProperty("files", result.files());
            json.writeNumberProperty("transactions", result.transactions());
            json.writeName("heldBy");
            strings(json, result.heldBy());
        });
    }

    @Override
    public String projection(String name, boolean declared) {
        return object(json -> json.writeStringProperty("name", name).writeBooleanProperty("declared", declared));
    }

    @Override
    public String projection(ProjectionStatus status, List<FailedEvent> failures) {
        return Escapes.escape(ProjectionJson.status(status, failures));
    }

    @Override
    public String row(StoredView row) {
        return Escapes.escape(ProjectionJson.row(row));
    }

    @Override
    public String asked(String projection, String request) {
        return object(json -> json.writeStringProperty("projection", projection).writeStringProperty("asked", request));
    }

    @Override
    public String forgotten(String projection) {
        return object(json -> json.writeStringProperty("forgotten", projection));
    }

    @Override
    public String serving(String address, List<String> projections) {
        return object(json -> {
            json.writeStringProperty("serving", address);
            json.writeName("projections");
            strings(json, projections);
        });
    }

    @Override
    public String turned(ProjectionStatus status) {
        return object(json -> {
            json.writeStringProperty("projection", status.name());
            json.writeStringProperty("state", ProjectionJson.word(status.readiness()));
            if (status.readiness() instanceof Readiness.Failed failed) {
                json.writeStringProperty("reason", failed.reason());
            }
        });
    }

    @Override
    public String step(String text) {
        return object(json -> json.writeStringProperty("step", text));
    }

    @Override
    public String problem(Problem problem) {
        return object(json -> json.writeStringProperty("error", problem.error())
                .writeStringProperty("what", problem.what())
                .writeStringProperty("where", problem.where())
                .writeStringProperty("try", problem.remedy()));
    }

    private static void write(JsonGenerator json, ForkView.Head head) {
        json.writeStartObject();
        json.writeStringProperty("tx", head.transaction().toString());
        Origin origin = head.origin();
        json.writeStringProperty(
                "replica", origin == null ? null : origin.replica().toString());
        json.writeStringProperty("at", origin == null ? null : origin.at());
        if (!head.resolved().isEmpty()) {
            json.writeName("resolved");
            strings(json, head.resolved());
        }
        json.writeArrayPropertyStart("events");
        for (ForkView.Shown shown : head.events()) {
            json.writeStartObject();
            write(json, shown.event());
            if (!shown.alsoReachedBy().isEmpty()) {
                json.writeName("alsoReachedBy");
                strings(json, shown.alsoReachedBy());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    static void write(JsonGenerator json, Finding finding) {
        json.writeStartObject();
        members(json, finding);
        json.writeEndObject();
    }

    private static void members(JsonGenerator json, Finding finding) {
        json.writeStringProperty("code", finding.code().name());
        json.writeStringProperty("what", finding.what());
        json.writeStringProperty("where", finding.where());
        json.writeStringProperty("try", finding.remedy());
    }

    static void write(JsonGenerator json, StoredEvent event) {
        json.writeStringProperty("stream", event.stream().value());
        json.writeNumberProperty("version", event.version().value());
        json.writeStringProperty("type", event.type().value());
        @Nullable String meta = null;
        List<String> tags = List.of();
        @Nullable Origin origin = null;
        if (event instanceof RecordedEvent recorded) {
            json.writeName("data").writeRawValue(recorded.data());
            meta = recorded.meta();
            tags = recorded.tags();
            origin = recorded.origin();
        } else if (event instanceof RedactedEvent redacted) {
            json.writeBooleanProperty("redacted", true);
            origin = redacted.origin();
        } else if (event instanceof OpaqueEvent) {
            json.writeBooleanProperty("opaque", true);
        }
        json.writeName("meta").writeRawValue(meta == null ? "null" : meta);
        json.writeName("tags");
        strings(json, tags);
        json.writeStringProperty("tx", event.id().transaction().toString());
        json.writeNumberProperty("ordinal", event.id().ordinal());
        json.writeStringProperty("at", origin == null ? null : origin.at());
        json.writeStringProperty(
                "replica", origin == null ? null : origin.replica().toString());
    }

    static void strings(JsonGenerator json, Collection<?> values) {
        json.writeStartArray();
        values.forEach(value -> json.writeString(value.toString()));
        json.writeEndArray();
    }

    /** A JSON array of strings, as text. */
    static String array(Collection<?> values) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            strings(json, values);
        }
        return text.toString();
    }

    static String object(Consumer<JsonGenerator> members) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            members.accept(json);
            json.writeEndObject();
        }
        return Escapes.escape(text.toString());
    }
}
