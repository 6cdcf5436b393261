package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.fs.FileEventStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code verify} and {@code reindex}, on real files. */
final class VerifyCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aStoreOnFiles() {
        world = new World(directory);
        try (FileEventStore store = FileEventStore.create(directory)) {
            store.append(StreamId.of("a"), ExpectedVersion.noStream(), NewEvent.of("Opened", "1"));
            store.append(StreamId.of("a"), ExpectedVersion.exactly(1), NewEvent.of("Closed", "2"));
        }
    }

    private World.Ran run(String... arguments) {
        String[] all = Stream.concat(Stream.of("-C", directory.toString()), Stream.of(arguments))
                .toArray(String[]::new);
        return world.run("", all);
    }

    @Test
    void aWholeStoreIsVerifiedAndBuiltAgain() {
        assertEquals(new World.Ran(0, "Every byte was read: nothing is wrong.\n", ""), run("verify"));
        assertEquals(new World.Ran(0, "", ""), run("verify", "--json"));
        World.Ran again = run("reindex");
        assertEquals(0, again.exit(), again.err());
        assertTrue(again.out().matches("built again: 2 transactions, digest [0-9a-f]{64}\n"), again.out());
        World.Ran json = run("reindex", "--from-scratch", "--json");
        assertTrue(
                json.out().matches("\\{\"transactions\":2,\"digest\":\"[0-9a-f]{64}\",\"repaired\":false}\n"),
                json.out());
    }

    @Test
    void whatIsOddIsALineEachAndExitCodeOne() throws IOException { // V2
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory.resolve("events"))) {
            files = all.filter(path -> path.toString().endsWith(".jsonl")).toList();
        }
        Files.writeString(files.get(0), Files.readString(files.get(0)).replace("\"events\":1", "\"events\":2"));
        World.Ran ran = run("verify", "--json");
        assertEquals(1, ran.exit());
        assertTrue(ran.out().startsWith("{\"code\":\"INVALID\",\"what\":"), ran.out());
        assertTrue(ran.out().contains("\"where\":\"events/"), ran.out());
    }

    @Test
    void aDamagedIndexIsToldOnStandardErrorAndBuiltAgain() throws IOException { // T19
        Path current;
        try (Stream<Path> all = Files.walk(directory.resolve(".evstore"))) {
            current = all.filter(path -> path.endsWith("current")).findFirst().orElseThrow();
        }
        Files.writeString(current.resolveSibling(Files.readString(current).strip()), "torn".repeat(5000));
        World.Ran ran = run("verify");
        assertTrue(ran.err().startsWith("evstore: The local index could not be used;"), ran.err());
        assertTrue(ran.out().contains("INDEX_REBUILT"), ran.out());
        assertEquals(1, ran.exit());
        assertEquals(0, run("verify").exit(), "it is said once");
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }
}
