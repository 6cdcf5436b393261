package dev.evstore.cli.render;

import dev.evstore.core.event.Origin;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.Branch;
import dev.evstore.core.reconcile.DivergentTransaction;
import dev.evstore.core.reconcile.ForkContext;
import dev.evstore.core.reconcile.ForkedStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * A fork as a program is told of it: {@code {"streams":{"s":{"ancestorVersion","ancestor":[event…],"heads":[{"tx",
 * "replica","at","resolved":[tx…],"events":[event…]}…],"free":[event…]}…}}}, in JSON as it comes, not escaped for a
 * terminal. Versions are those of the fork. Written as it is read, so however long a history is, little is in memory.
 */
public final class ForkJson {

    private static final JsonFactory FACTORY = new JsonFactory();

    private ForkJson() {}

    /**
     * @param out is not closed
     * @throws IOException it can't be written
     */
    public static void write(ForkContext fork, OutputStream out) throws IOException {
        JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), new Unclosed(out));
        try {
            json.writeStartObject();
            json.writeObjectPropertyStart("streams");
            for (ForkedStream stream : fork.streams()) {
                write(json, stream);
            }
            json.writeEndObject();
            json.writeEndObject();
            json.writeRaw('\n');
            json.close();
        } catch (JacksonIOException e) {
            throw new IOException(e.getOriginalMessage(), e);
        }
    }

    private static void write(JsonGenerator json, ForkedStream stream) {
        json.writeObjectPropertyStart(stream.id().value());
        json.writeNumberProperty("ancestorVersion", stream.ancestorVersion());
        events(json, "ancestor", stream.ancestor());
        json.writeArrayPropertyStart("heads");
        stream.branches().forEach(branch -> write(json, branch));
        json.writeEndArray();
        events(json, "free", stream.free());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Branch branch) {
        DivergentTransaction head = branch.head();
        Origin origin = head.origin();
        json.writeStartObject();
        json.writeStringProperty("tx", head.id().toString());
        text(json, "replica", origin == null ? null : origin.replica().toString());
        text(json, "at", origin == null ? null : origin.at());
        json.writeName("resolved");
        JsonRenderer.strings(json, head.isMerge() ? head.supersedes() : List.of());
        json.writeArrayPropertyStart("events");
        for (DivergentTransaction transaction : branch.transactions()) {
            List<TransactionId> others = transaction.reachedBy().stream()
                    .filter(other -> !other.equals(head.id()))
                    .toList();
            for (StoredEvent event : transaction.events()) {
                json.writeStartObject();
                JsonRenderer.write(json, event);
                if (!others.isEmpty()) {
                    json.writeName("alsoReachedBy");
                    JsonRenderer.strings(json, others);
                }
                json.writeEndObject();
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void events(JsonGenerator json, String name, Iterable<StoredEvent> events) {
        json.writeArrayPropertyStart(name);
        for (StoredEvent event : events) {
            json.writeStartObject();
            JsonRenderer.write(json, event);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void text(JsonGenerator json, String name, @Nullable String value) {
        json.writeStringProperty(name, value);
    }

    /** What the generator closes when it fails is not ours. */
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
