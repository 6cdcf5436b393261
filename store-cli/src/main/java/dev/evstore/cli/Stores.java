package dev.evstore.cli;

import dev.evstore.core.EventStore;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.RestoreReport;
import java.nio.file.Path;

/** Where commands get their store from: the one place that knows what kind it is. */
public interface Stores {

    /** Makes a store, or opens the one that is there. */
    EventStore create(Path directory);

    /**
     * Opens a store.
     *
     * @throws dev.evstore.core.StoreUnusableException there is none, or it can't be used
     */
    EventStore open(Path directory);

    /** Opens a store for what only a store on files can do. */
    default FileEventStore openFiles(Path directory) {
        return FileEventStore.open(directory);
    }

    /**
     * Brings back event files that were written here and are lost.
     *
     * @throws dev.evstore.core.StoreUnusableException there is no store, or it can't be used
     */
    RestoreReport restore(Path directory);
}
