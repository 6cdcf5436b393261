package dev.evstore.fs.disk;

import java.io.IOException;
import java.nio.file.Path;

/** A file was published, but its name could not be synced. */
public final class PublishedNotSyncedException extends IOException {

    private static final long serialVersionUID = 1L;

    PublishedNotSyncedException(Path file, IOException cause) {
        super("published, not synced: " + file, cause);
    }
}
