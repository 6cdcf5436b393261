package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.cli.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs the bash program, as the script does. */
final class CompletionCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aWorld() {
        world = new World(directory);
    }

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        assertEquals("status streams", completes("st"));
        assertEquals("show", completes("sh"));
        assertEquals("--format", completes("export", "--fo"));
        assertEquals("cloudevents jsonl", completes("export", "--format", ""));
    }

    private String completes(String... words) throws IOException, InterruptedException {
        World.Ran ran = world.run("", "completion");
        assertEquals(0, ran.exit(), ran.err());
        Path script = directory.resolve("evstore-completion");
        // compopt works only while bash itself completes, so it is taken out.
        Files.writeString(script, ran.out() + """
                compopt() { :; }
                COMP_WORDS=(evstore '%s')
                COMP_CWORD=%d
                _complete_evstore
                printf '%%s\\n' "${COMPREPLY[@]}" | sort | xargs
                """.formatted(String.join("' '", words), words.length));
        Process bash = new ProcessBuilder("bash", "--norc", script.toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, bash.waitFor(), printed);
        return printed.strip();
    }

    @Test
    void programsGetTheScriptAsJson() {
        World.Ran ran = world.run("", "completion", "--json");
        assertTrue(ran.out().startsWith("{\"bash\":\"#!"), ran.out());
        assertEquals(1, ran.out().lines().count());
    }

    @Test
    void itNeedsNoStoreAndRefusesWhatItDoesNotKnow() {
        assertEquals(0, world.run("", "completion", "-C", "nowhere").exit());
        assertEquals(2, world.run("", "completion", "fish").exit());
    }
}
