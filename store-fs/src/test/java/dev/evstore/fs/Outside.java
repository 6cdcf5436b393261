package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.fs.disk.Stamp;
import dev.evstore.testkit.Foreign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A directory that is none of the store's business, with a file in it that looks like one of the store's. */
final class Outside {

    /** Whose event it is; nobody may ever read it in a store. */
    static final String STREAM = "secret";

    private final Path directory;
    private final SortedMap<String, String> before;

    Outside(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        Files.createDirectories(directory.resolve("deep"));
        Files.write(
                directory.resolve("secret.jsonl"),
                Foreign.at(77).onto(STREAM).event(STREAM, "Secret").build().bytes());
        this.before = stamps();
    }

    Path path() {
        return directory;
    }

    /** Nothing in it came, went or changed. */
    void assertUntouched() throws IOException {
        assertEquals(before, stamps());
    }

    private SortedMap<String, String> stamps() throws IOException {
        SortedMap<String, String> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.toList()) {
                found.put(path.toString(), String.valueOf(Stamp.of(path)));
            }
        }
        return found;
    }
}
