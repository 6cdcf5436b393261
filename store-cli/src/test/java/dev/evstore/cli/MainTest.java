package dev.evstore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.EventStore;
import dev.evstore.fs.RestoreReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aWorld() {
        world = new World(directory);
    }

    @Test
    void takesGlobalOptionsBeforeAndAfterTheCommandsName() {
        String before = world.run("", "--json", "digest").out();
        assertTrue(before.startsWith("{\"digest\":"), before);
        assertEquals(before, world.run("", "digest", "--json").out());
        assertEquals(4, world.run("", "-C", "nowhere", "digest").exit());
        assertEquals(4, world.run("", "digest", "-C", "nowhere").exit());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "init",
                "append",
                "import",
                "read",
                "feed",
                "export",
                "streams",
                "show",
                "log",
                "status",
                "forks",
                "digest",
                "restore",
                "projection",
                "projection list",
                "projection status",
                "projection show",
                "projection rebuild",
                "projection retry",
                "projection skip",
                "projection pause",
                "projection resume",
                "serve",
                "demo",
                "completion"
            })
    void showsHelpWithExamplesForEveryCommand(String command) {
        World.Ran ran = world.run("", (command + " --help").split(" ", -1));
        assertEquals(0, ran.exit());
        assertEquals("", ran.err());
        assertTrue(ran.out().startsWith("Usage: evstore " + command), ran.out());
        assertTrue(ran.out().contains("Example"), ran.out());
        assertTrue(ran.out().contains("--json"), ran.out());
    }

    @Test
    void showsWhatThereIsAndWhatTheExitCodesSay() {
        World.Ran ran = world.run("", "--help");
        assertEquals(0, ran.exit());
        assertTrue(ran.out().contains("demo") && ran.out().contains("6 stale cursor"), ran.out());
        assertTrue(world.run("", "--version").out().startsWith("evstore "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "--nonsense"})
    void refusesWhatIsNoCommand(String word) {
        World.Ran ran = world.run("", word.isEmpty() ? new String[0] : new String[] {word});
        assertEquals(2, ran.exit());
        assertEquals("", ran.out());
        assertTrue(ran.err().contains("try: see evstore --help"), ran.err());
    }

    @Test
    void coloursOnlyATerminalAndNeverWithNoColor() {
        world.append(world.anna, "s", "T", "1");
        String escape = "\u001b";
        assertFalse(world.run("", "read", "s").out().contains(escape));
        world.terminal = true;
        assertTrue(world.run("", "read", "s").out().contains(escape));
        assertFalse(world.run("", "read", "s", "--json").out().contains(escape));
        world.variables.put("NO_COLOR", "1");
        assertFalse(world.run("", "read", "s").out().contains(escape));
    }

    @Test
    void tellsABugWithoutAStackTraceUnlessAskedFor() {
        World.Ran ran = broken("digest");
        assertEquals(70, ran.exit());
        assertEquals("""
                evstore: evstore has met a bug of its own.
                  where: IllegalStateException: broken\\u001b
                  try: run the same with --debug and report what it prints
                """, ran.err());
        assertTrue(broken("digest", "--debug").err().contains("\tat dev.evstore.cli."));
        assertEquals(70, broken("digest", "--json").exit());
        assertTrue(broken("digest", "--json").err().startsWith("{\"error\":\"bug\","));
    }

    @Test
    void tellsAnErrorOfTheMachineAsABugToo() {
        Environment sound = world.environment(in(), new ByteArrayOutputStream(), new ByteArrayOutputStream());
        assertEquals(70, Main.run(with(sound, broken(new StackOverflowError())), "digest"));
    }

    @Test
    void endsQuietlyWhenNobodyReadsTheOutputAnyMore() {
        world.append(world.anna, "s", "T", "1");
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = Main.run(world.environment(in(), failing("Broken pipe"), err), "read", "s");
        assertEquals(0, exit);
        assertEquals(0, err.size());
    }

    @Test
    void saysSoWhenTheOutputCannotBeWritten() {
        world.append(world.anna, "s", "T", "1");
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = Main.run(world.environment(in(), failing("No space left on device"), err), "read", "s");
        assertEquals(2, exit);
        assertTrue(
                err.toString(StandardCharsets.UTF_8).contains("No space left"), err.toString(StandardCharsets.UTF_8));
    }

    private World.Ran broken(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Environment sound = world.environment(in(), out, err);
        int exit = Main.run(with(sound, broken(new IllegalStateException("broken\u001b"))), arguments);
        return new World.Ran(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Stores broken(Throwable thrown) {
        return new Stores() {
            @Override
            public EventStore create(Path place) {
                return open(place);
            }

            @Override
            public RestoreReport restore(Path place) {
                open(place).close();
                throw new AssertionError("opened");
            }

            @Override
            public EventStore open(Path place) {
                if (thrown instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) thrown;
            }
        };
    }

    private static Environment with(Environment sound, Stores stores) {
        return new Environment(sound.in(), sound.out(), sound.err(), false, false, Map.of(), stores, sound.pause());
    }

    private static ByteArrayInputStream in() {
        return new ByteArrayInputStream(new byte[0]);
    }

    private static OutputStream failing(String why) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(why);
            }
        };
    }
}
