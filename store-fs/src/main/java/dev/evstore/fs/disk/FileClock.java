package dev.evstore.fs.disk;

import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * "Now" as the store's own file system has it, which may be another machine's now: stamps are compared with nothing
 * else. Thread-safe.
 */
public final class FileClock {

    private final Path file;

    public FileClock(StoreLayout layout) {
        this.file = layout.temporary().resolve("clock");
    }

    /**
     * Nanoseconds since 1970. The one byte is written over, not anew: some file systems write a file that was cut to
     * nothing to the disk at once, a thousand times slower.
     */
    public long now() throws IOException {
        Files.write(file, new byte[] {0}, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Stamp stamp = Stamp.of(file);
        if (stamp == null) {
            throw new IOException(file + " vanished while it was looked at");
        }
        return stamp.modified();
    }
}
