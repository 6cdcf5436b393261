package dev.evstore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real input, and what an independent reader makes of the files. Needs python3 and -Devstore.shared=DIR. */
@Tag("shared")
final class RealInputIT {

    @TempDir
    private Path directory;

    @Test
    void anIndependentReaderSeesInTheFilesWhatWasImported() throws IOException, InterruptedException { // I4
        Path shared = Path.of(System.getProperty("evstore.shared"));
        World world = new World(directory);
        world.stores = new FileStores();
        String at = directory.toString();
        assertEquals(0, world.run("", "-C", at, "init").exit());
        String log = shared.resolve("data/issue-log.jsonl").toString();
        World.Ran imported =
                world.run("", "-C", at, "--json", "import", log, "--extra-to-meta", "--per-transaction", "10");
        assertEquals("{\"transactions\":238,\"events\":2371}\n", imported.out(), imported.err());
        assertEquals(
                2_371, world.run("", "-C", at, "--json", "feed").out().lines().count());
        assertEquals(
                377, world.run("", "-C", at, "--json", "streams").out().lines().count());

        String read = read(shared.resolve("tools/reference.py"));
        String digest = world.run("", "-C", at, "digest").out().strip();
        assertTrue(read.contains("\"transactions\": 238,"), read);
        assertTrue(read.contains("\"digest\": \"" + digest + "\""), read);
        for (String line :
                world.run("", "-C", at, "--json", "streams").out().lines().toList()) {
            String stream = line.replaceAll(".*\"stream\":\"([^\"]*)\".*", "$1");
            String streamDigest = line.replaceAll(".*\"digest\":\"([^\"]*)\".*", "$1");
            assertTrue(read.contains("\"" + stream + "\": \"" + streamDigest + "\""), line);
        }
    }

    private String read(Path reader) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("python3", reader.toString(), directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return text;
    }
}
