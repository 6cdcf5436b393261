package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.Origin;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.format.Draft;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.format.TransactionEncoder;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.Foreign;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExportCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aWorld() {
        world = new World(directory);
    }

    /** Two transactions, one of two streams, and one that arrives late. */
    private void someEvents() {
        Transaction late =
                Foreign.at(-1_000).free("notes").event("notes", "Late").build();
        world.anna.append(Append.to(
                        StreamId.of("account-1"),
                        ExpectedVersion.noStream(),
                        NewEvent.of("Opened", "{\"rate\":1.50}")
                                .tags("a,b", "\"c\"")
                                .meta("{\"by\":\"kim\"}"))
                .and(StreamId.of("notes"), ExpectedVersion.any(), NewEvent.of("Noted", "\"\u202e\""))
                .and(StreamId.of("account-1"), ExpectedVersion.noStream(), NewEvent.of("Deposited", "5e2")));
        world.append(world.anna, "account-1", "Closed", "null");
        world.anna.ingest(List.of(late));
    }

    @Test
    void printsWhatImportTakesBack() {
        someEvents();
        Transcript.holds(getClass(), "for import", world);
    }

    @Test
    void whatIsExportedAndImportedIsTheSame() {
        someEvents();
        NewEvent[] more = IntStream.range(0, 1_200) // than a page holds
                .mapToObj(n -> NewEvent.of("N", Integer.toString(n)))
                .toArray(NewEvent[]::new);
        world.anna.append(Append.to(StreamId.of("account-2"), ExpectedVersion.noStream(), more));
        for (String order : List.of("--canonical", "--feed")) {
            World other = new World(directory);
            String exported = world.run("", "export", order).out();
            World.Ran ran = other.run(exported, "import", "-", "--json");
            assertEquals("{\"transactions\":4,\"events\":1205}\n", ran.out(), ran.err());
            assertEquals(said(world.anna, "account-1"), said(other.anna, "account-1"));
            assertEquals(said(world.anna, "account-2"), said(other.anna, "account-2"));
            assertEquals(exported.lines().count(), said(other.anna, "").size());
            assertEquals(
                    withoutLabels(exported),
                    withoutLabels(other.run("", "export").out()));
        }
        assertEquals(
                withoutLabels(world.run("", "export").out()).size(),
                said(world.anna, "").size());
    }

    /** The lines, with labels by first appearance: imported events are in transactions of their own. */
    private static List<String> withoutLabels(String lines) {
        List<String> labels = new ArrayList<>();
        return lines.lines()
                .map(line -> {
                    int tx = line.lastIndexOf("\"tx\":");
                    String label = line.substring(tx);
                    if (!labels.contains(label)) {
                        labels.add(label);
                    }
                    return line.substring(0, tx) + labels.indexOf(label);
                })
                .toList();
    }

    private static List<String> said(InMemoryEventStore store, String stream) {
        List<String> said = new ArrayList<>();
        store.readAll(ReadAllOptions.forwards()).forEach(event -> {
            if (event.stream().value().startsWith(stream) && event instanceof RecordedEvent e) {
                said.add(e.stream() + " " + e.version() + e.type() + e.data() + e.meta() + e.tags());
            }
        });
        return said;
    }

    @Test
    void printsCloudEvents() {
        someEvents();
        Transaction left = Foreign.at(1).onto("a").event("a", "Left").build();
        Transaction right = Foreign.at(2).onto("a").event("a", "Right").build();
        world.anna.ingest(List.of(left, right, noInstant()));
        world.anna.ingest(List.of(Foreign.merge("a", List.of(left, right), NewEvent.of("Merged", "{}"))));
        Transcript.holds(getClass(), "cloudevents", world);
    }

    /** Its writer's clock shows digits that name no day. */
    private static Transaction noInstant() {
        TransactionId id = Foreign.id(5, 5);
        TreeMap<StreamId, TransactionHeader.Write> writes = new TreeMap<>();
        writes.put(StreamId.of("odd"), new TransactionHeader.Free());
        Origin origin = new Origin(Foreign.REPLICA, 1, "2026-02-31T06:00:00.000Z");
        return TransactionEncoder.encode(new Draft(
                id,
                origin,
                new TreeMap<>(),
                writes,
                new TreeMap<>(),
                null,
                null,
                List.of(new Draft.Event(StreamId.of("odd"), NewEvent.of("T", "1"), null))));
    }

    @Test
    void leavesOutWhatHasNoPayloadAndSaysSo() {
        Transaction full =
                Foreign.at(1).onto("a").event("a", "Kept").event("a", "Secret").build();
        Transaction newer =
                Foreign.newer(Foreign.at(2).onto("b").event("b", "New").build());
        world.anna.ingest(List.of(Foreign.redacted(full, 1), newer));
        Transcript.holds(getClass(), "without a payload", world);
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }

    @Test
    void showsProgressToWhoeverWatches() {
        someEvents();
        world.terminal = true;
        assertTrue(world.run("", "export").err().contains("1 events, "));
        assertEquals("", world.run("", "export", "--quiet").err());
        assertEquals("", world.run("", "export", "--no-progress").err());
    }
}
