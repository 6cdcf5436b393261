package dev.evstore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.StreamInfo;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.fs.FileEventStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The log of a real issue tracker, split by actor over five clones that write apart and are united by the git program
 * in two different orders. Needs git and -Devstore.shared=DIR.
 */
@Tag("shared")
final class FiveClonesIT {

    private static final int CLONES = 5;
    private static final int EVENTS = 2_371;
    private static final Pattern ACTOR = Pattern.compile("\"actor\":\"([^\"]*)\"");

    @TempDir
    private Path directory;

    private final Map<Path, FeedCursor> before = new HashMap<>();
    private final Map<Path, Set<EventId>> own = new HashMap<>();

    @Test
    void whateverTheOrderOfTheMergesNothingIsLostDoubledOrMoved() throws Exception { // I4, P3, P5, F1
        Path first = directory.resolve("clone 0");
        World world = new World(directory);
        world.stores = new FileStores();
        assertEquals(0, world.run("", "init", first.toString(), "--git").exit());
        new InGit(first).commit("a store");
        List<Path> clones = new ArrayList<>(List.of(first));
        for (int k = 1; k < CLONES; k++) {
            Path clone = directory.resolve("clone " + k);
            new InGit(directory).git("clone", "-q", first.toString(), clone.toString());
            clones.add(clone);
        }
        List<List<String>> parts = partsByActor();
        for (int k = 0; k < CLONES; k++) {
            write(world, clones.get(k), parts.get(k));
        }
        unite(clones.get(0), clones.get(1), clones.get(2), clones.get(3), clones.get(4));
        Path other = clones.get(4);
        new InGit(clones.get(0)).git("branch", "two", "HEAD~3"); // 0 and 1, as they were united first
        new InGit(other)
                .git("pull", "-q", "--no-rebase", "--no-edit", clones.get(0).toString(), "two");
        unite(other, clones.get(3), clones.get(2));
        unite(clones.get(2), clones.get(3), other);

        Map<StreamId, List<EventId>> order = check(clones.get(0));
        assertEquals(377, order.size());
        assertEquals(order, check(other));
        assertEquals(order, check(clones.get(2)));
        assertEquals(digest(clones.get(0)), digest(other));
        assertEquals(digest(clones.get(0)), digest(clones.get(2)));
    }

    private static List<List<String>> partsByActor() throws IOException {
        Path log = Path.of(System.getProperty("evstore.shared")).resolve("data/issue-log.jsonl");
        Map<String, Integer> places = new LinkedHashMap<>();
        List<List<String>> parts = new ArrayList<>();
        for (int k = 0; k < CLONES; k++) {
            parts.add(new ArrayList<>());
        }
        for (String line : Files.readAllLines(log, StandardCharsets.UTF_8)) {
            Matcher actor = ACTOR.matcher(line);
            assertTrue(actor.find(), line);
            places.putIfAbsent(actor.group(1), places.size() % CLONES);
            parts.get(places.getOrDefault(actor.group(1), 0)).add(line);
        }
        return parts;
    }

    private void write(World world, Path clone, List<String> lines) throws Exception {
        World.Ran ran = world.run(
                String.join("\n", lines) + "\n",
                "-C",
                clone.toString(),
                "--json",
                "import",
                "-",
                "--extra-to-meta",
                "--per-transaction",
                "7");
        assertEquals(0, ran.exit(), ran.err());
        new InGit(clone).commit("its own events");
        try (EventStore store = FileEventStore.open(clone)) {
            List<FeedEntry> all = new ArrayList<>();
            before.put(clone, readOn(store, FeedCursor.beginning(), all));
            own.put(clone, ids(all));
            assertEquals(lines.size(), all.size());
        }
    }

    private static void unite(Path into, Path... others) throws Exception {
        for (Path other : others) {
            new InGit(into).git("pull", "-q", "--no-rebase", "--no-edit", other.toString(), "HEAD");
        }
    }

    /** Everything is there once, and the cursor from before sees exactly the rest. */
    private Map<StreamId, List<EventId>> check(Path clone) {
        try (EventStore store = FileEventStore.open(clone)) {
            List<FeedEntry> all = new ArrayList<>();
            readOn(store, FeedCursor.beginning(), all);
            assertEquals(EVENTS, all.size());
            assertEquals(EVENTS, ids(all).size(), "each once");

            List<FeedEntry> rest = new ArrayList<>();
            readOn(store, before.getOrDefault(clone, FeedCursor.beginning()), rest);
            Set<EventId> expected = ids(all);
            expected.removeAll(own.getOrDefault(clone, Set.of()));
            assertEquals(expected.size(), rest.size(), "each once");
            assertEquals(expected, ids(rest));

            Map<StreamId, List<EventId>> order = new TreeMap<>();
            for (StreamInfo stream : store.streams("")) {
                order.put(
                        stream.id(),
                        store.read(stream.id()).events().stream()
                                .map(StoredEvent::id)
                                .toList());
            }
            assertEquals(List.of(), store.status().findings());
            return order;
        }
    }

    private static FeedCursor readOn(EventStore store, FeedCursor from, List<FeedEntry> into) {
        FeedCursor at = from;
        FeedPage page;
        do {
            page = store.readFeed(at, EventFilter.all(), 100);
            into.addAll(page.entries());
            at = page.next();
        } while (!page.atEnd());
        return at;
    }

    private static Set<EventId> ids(List<FeedEntry> entries) {
        Set<EventId> ids = new LinkedHashSet<>();
        entries.forEach(entry -> ids.add(((FeedEntry.Arrival) entry).event().id()));
        return ids;
    }

    private static String digest(Path clone) {
        try (EventStore store = FileEventStore.open(clone)) {
            return store.digest().toString();
        }
    }
}
