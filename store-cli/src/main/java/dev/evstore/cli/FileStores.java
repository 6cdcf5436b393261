package dev.evstore.cli;

import dev.evstore.core.EventStore;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.RestoreReport;
import java.nio.file.Path;

/** Stores on files. */
final class FileStores implements Stores {

    @Override
    public EventStore create(Path directory) {
        return FileEventStore.create(directory);
    }

    @Override
    public EventStore open(Path directory) {
        return openFiles(directory);
    }

    @Override
    public RestoreReport restore(Path directory) {
        try (FileEventStore store = FileEventStore.open(directory)) {
            return store.restore();
        }
    }
}
