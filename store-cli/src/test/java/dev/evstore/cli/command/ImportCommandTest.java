package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImportCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aWorld() {
        world = new World(directory);
    }

    @Test
    void importsAFile() throws IOException {
        Files.writeString(
                directory.resolve("events.jsonl"),
                "{\"stream\":\"a\",\"type\":\"T\",\"data\":1}\n\n{\"stream\":\"b\",\"type\":\"T\",\"data\":2}");
        Transcript.holds(getClass(), "a file", world);
    }

    @Test
    void keepsTheOrderOfStreamsThatAreInterleavedInATransaction() {
        Transcript.holds(getClass(), "transactions", world);
    }

    @Test
    void refusesOtherKeysOrKeepsThemInTheMetadata() { // V5: numbers keep their text
        Transcript.holds(getClass(), "other keys", world);
    }

    @Test
    void stopsAtTheFirstBadLineAndNamesIt() {
        Transcript.holds(getClass(), "bad input", world);
    }

    @Test
    void closesAGroupBeforeItBreaksALimitOfTheFormat() { // V4: 256 streams
        String lines = IntStream.range(0, 600)
                .mapToObj(n -> "{\"stream\":\"s" + n + "\",\"type\":\"T\",\"data\":0}")
                .collect(Collectors.joining("\n"));
        World.Ran ran = world.run(lines, "import", "-", "--per-transaction", "4096", "--json");
        assertEquals("{\"transactions\":3,\"events\":600}\n", ran.out());
    }

    @Test
    void showsProgressToWhoeverWatches() {
        world.terminal = true;
        String line = "{\"stream\":\"s\",\"type\":\"T\",\"data\":1}";
        assertEquals("", world.run(line, "import", "-", "--no-progress").err());
        assertEquals("", world.run(line, "import", "-", "--quiet").err());
        assertTrue(world.run(line, "import", "-").err().contains("1 lines, "));
    }
}
