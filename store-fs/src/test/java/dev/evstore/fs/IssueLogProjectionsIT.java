package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.jackson.JacksonPayloads;
import dev.evstore.core.projection.ProjectedEvent;
import dev.evstore.core.projection.Projection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The log of a real issue tracker, split by actor over five replicas that get each other's files in different orders, with
 * projections that follow: their rows are the same bytes everywhere (rule O1). Needs -Devstore.shared=DIR.
 */
@Tag("shared")
@Timeout(300)
class IssueLogProjectionsIT {

    private static final int REPLICAS = 5;
    private static final int EVENTS = 2_371;
    private static final Pattern LINE = Pattern.compile(
            "\\{\"at_us\":\\d+,\"actor\":\"([^\"]*)\",\"stream\":\"([^\"]*)\",\"type\":\"([^\"]*)\",\"data\":(.*)}");
    private static final JacksonPayloads JSON = new JacksonPayloads();

    @TempDir
    Path directory;

    /** An issue: what was said of it last, and how much was said. */
    record Item(String title, String state, Map<String, Integer> counts, List<String> moves) {
        Item and(String type, String data) {
            Map<String, Integer> more = new TreeMap<>(counts);
            more.merge(type, 1, Integer::sum);
            List<String> moved = new ArrayList<>(moves);
            if (type.equals("item.move")) {
                moved.add(said(data, "state"));
            }
            return new Item(
                    type.equals("item.create") ? said(data, "title") : title,
                    type.equals("item.move") ? said(data, "state") : state,
                    more,
                    moved);
        }
    }

    private static final Item NO_ITEM = new Item("", "open", Map.of(), List.of());

    /** What an issue is linked from, in order. */
    record Links(List<String> from) {
        Links and(String stream, String data) {
            List<String> more = new ArrayList<>(from);
            more.add(said(data, "link_type") + " " + stream);
            return new Links(more);
        }
    }

    /** All comments: how many, how long, and a number that depends on their order. */
    record Comments(long count, long characters, long order) {
        Comments and(String stream, String data) {
            int length = said(data, "body").length();
            return new Comments(count + 1, characters + length, order * 31 + stream.hashCode() + length);
        }
    }

    private static String said(String data, String field) {
        return String.valueOf(JSON.read(data, Map.class).get(field));
    }

    private final Projection<Item> items = Projection.named("items")
            .version(1)
            .perStream()
            .initially(() -> NO_ITEM)
            .onEvery((item, event) -> item.and(event.type().value(), event.data()))
            .build();

    private final Projection<Links> links = Projection.named("links")
            .version(1)
            .keyedBy((ProjectedEvent event) -> said(event.data(), "target"))
            .initially(() -> new Links(List.of()))
            .onType("item.link", (known, event) -> known.and(event.stream().value(), event.data()))
            .build();

    private final Projection<Comments> comments = Projection.named("comments")
            .version(1)
            .single()
            .initially(() -> new Comments(0, 0, 7))
            .onType("item.comment", (known, event) -> known.and(event.stream().value(), event.data()))
            .build();

    @Test
    void o1_whateverTheOrderOfArrivalTheRowsAreTheSameBytes() throws IOException { // O1
        List<Path> replicas = replicas();
        List<List<Append>> parts = partsByActor();
        List<Map<String, String>> rows = new ArrayList<>();
        Map<Path, Path> written = new LinkedHashMap<>();
        for (int k = 0; k < REPLICAS; k++) {
            Path replica = replicas.get(k);
            try (FileEventStore store = FileEventStore.open(replica);
                    ProjectionHost host = open(store, 1000)) {
                store.appendAll(parts.get(k));
                host.catchUp();
            }
            written.put(replica, copy(replica.resolve("events"), directory.resolve("written " + k)));
        }
        for (int k = 0; k < REPLICAS; k++) {
            Path replica = replicas.get(k);
            try (FileEventStore store = FileEventStore.open(replica);
                    ProjectionHost host = open(store, k == 0 ? 1000 : 7 * k)) {
                for (int other = 1; other < REPLICAS; other++) {
                    int from = (k * 2 + other * (k % 2 == 0 ? 1 : REPLICAS - 1)) % REPLICAS;
                    copy(Objects.requireNonNull(written.get(replicas.get(from))), replica.resolve("events"));
                    store.refresh();
                    host.catchUp();
                }
                copy(Objects.requireNonNull(written.get(replicas.get(k * 2 % REPLICAS))), replica.resolve("events"));
                host.catchUp();
                assertEquals(EVENTS, store.canonicalReads().now().events());
                assertTrue(k == 0 || host.status("items").counts().refolded() > 0, "parts came late");
                rows.add(rows(host));
                assertEquals(folded(store), rows.get(k));
            }
        }
        assertEquals(
                377,
                rows.get(0).keySet().stream()
                        .filter(key -> key.startsWith("items "))
                        .count());
        for (Map<String, String> each : rows) {
            assertEquals(rows.get(0), each);
        }
    }

    private ProjectionHost open(FileEventStore store, int page) {
        return ProjectionHost.open(
                store,
                Counting.CODEC,
                ProjectionOptions.defaults().withoutThreads().page(page),
                List.of(items, links, comments));
    }

    /** All rows as they are stored. */
    private Map<String, String> rows(ProjectionHost host) {
        Map<String, String> all = new TreeMap<>();
        for (String projection : host.names()) {
            List<StoredView> page = host.stored(projection, "", "", 1000);
            assertTrue(page.size() < 1000);
            page.forEach(row -> all.put(projection + " " + row.key(), row.json()));
        }
        return all;
    }

    /** The rows as a fold of all events, one after the other, makes them. */
    private static Map<String, String> folded(FileEventStore store) {
        Map<String, Object> all = new TreeMap<>();
        for (StoredEvent any : store.readAll(ReadAllOptions.forwards())) {
            RecordedEvent event = (RecordedEvent) any;
            String stream = event.stream().value();
            String type = event.type().value();
            String data = event.data();
            all.compute("items " + stream, (key, item) -> (item == null ? NO_ITEM : (Item) item).and(type, data));
            if (type.equals("item.link")) {
                all.compute(
                        "links " + said(data, "target"),
                        (key, known) -> (known == null ? new Links(List.of()) : (Links) known).and(stream, data));
            } else if (type.equals("item.comment")) {
                all.compute(
                        "comments ",
                        (key, known) -> (known == null ? new Comments(0, 0, 7) : (Comments) known).and(stream, data));
            }
        }
        Map<String, String> rows = new TreeMap<>();
        all.forEach((key, state) -> rows.put(key, JSON.write(state)));
        return rows;
    }

    /** Replicas of one store, as clones are: each makes what is its own. */
    private List<Path> replicas() throws IOException {
        List<Path> all = new ArrayList<>();
        Path first = directory.resolve("replica 0");
        FileEventStore.create(first).close();
        all.add(first);
        for (int k = 1; k < REPLICAS; k++) {
            all.add(copy(first, directory.resolve("replica " + k)));
        }
        return all;
    }

    private static List<List<Append>> partsByActor() throws IOException {
        Path log = Path.of(System.getProperty("evstore.shared")).resolve("data/issue-log.jsonl");
        Map<String, Integer> places = new LinkedHashMap<>();
        List<List<Append>> parts = new ArrayList<>();
        for (int k = 0; k < REPLICAS; k++) {
            parts.add(new ArrayList<>());
        }
        for (String line : Files.readAllLines(log, StandardCharsets.UTF_8)) {
            Matcher event = LINE.matcher(line);
            assertTrue(event.matches(), line);
            int part = places.computeIfAbsent(event.group(1), actor -> places.size() % REPLICAS);
            parts.get(part)
                    .add(Append.to(
                            StreamId.of(event.group(2)),
                            ExpectedVersion.any(),
                            NewEvent.of(event.group(3), event.group(4))));
        }
        return parts;
    }

    /** What git brings: the files that are not there yet, and nothing of a replica's own. */
    private static Path copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(from)) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !from.relativize(file).startsWith(".evstore"))
                    .toList();
        }
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file).toString());
            if (!Files.exists(target)) {
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
        return to;
    }
}
