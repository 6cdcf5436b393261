package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.cli.Main;
import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AppendCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aWorld() {
        world = new World(directory);
    }

    @Test
    void appendsOneEventAndTellsTransactionAndVersion() throws IOException {
        Files.writeString(directory.resolve("note.json"), "{ \"n\" : 1.0 }\n");
        Transcript.holds(getClass(), "one event", world);
    }

    @Test
    void holdsWhatIsExpectedAgainstTheStream() { // A1
        Transcript.holds(getClass(), "expectations", world);
    }

    @Test
    void acknowledgesEachLine() {
        Transcript.holds(getClass(), "lines", world);
    }

    @Test
    void stopsAtTheFirstBadLineAndKeepsWhatWasAcknowledged() {
        Transcript.holds(getClass(), "a bad line", world);
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }

    @Test
    void flushesAnAcknowledgementBeforeItReadsTheNextLine() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] line = "{\"stream\":\"s\",\"type\":\"T\",\"data\":1}\n".getBytes(StandardCharsets.UTF_8);
        // Gives one line, and looks at the output when asked for more.
        InputStream in = new ByteArrayInputStream(line) {
            @Override
            public synchronized int read(byte[] bytes, int from, int length) {
                if (available() == 0) {
                    assertTrue(out.toString(StandardCharsets.UTF_8).endsWith("\"alreadyApplied\":false}\n"));
                }
                return super.read(bytes, from, length);
            }
        };
        int exit = Main.run(world.environment(in, out, new ByteArrayOutputStream()), "append", "--stdin", "--json");
        assertEquals(0, exit);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":}", "{\"k\":1,\"k\":2}", "1e999", "NaN", "01", "\"\\ud800\"", "1 2", ""})
    void refusesDataThatTheFormatRefuses(String data) { // V1
        World.Ran ran = world.run("", "append", "a", "--type", "T", "--data", data);
        assertEquals(2, ran.exit(), ran.out());
        assertEquals("", ran.out());
        assertTrue(ran.err().startsWith("evstore: What was given breaks a rule of the store.\n  where: "), ran.err());
        assertEquals(0, world.anna.status().transactions());
    }

    @Test
    void refusesWhatIsNotUtf8() { // V1
        World.Ran ran = world.run(new ByteArrayInputStream(new byte[] {'"', (byte) 0xC3, '"'}), "append", "--stdin");
        assertEquals(2, ran.exit());
        assertTrue(ran.err().contains("not UTF-8") && ran.err().contains("line 1"), ran.err());
    }

    @Test
    void refusesAForkedStreamWhereThatIsAskedFor() { // F3
        world.fork();
        Transcript.holds(getClass(), "forks rejected", world);
    }
}
