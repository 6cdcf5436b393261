package dev.evstore.fs;

import dev.evstore.core.EventStore;
import java.nio.file.Path;

/** The store on files. */
public final class FileEventStore {

    private FileEventStore() {}

    /**
     * Makes a store: {@code events/} with its attribute files. What is there already is kept; making a store twice is
     * no error.
     *
     * @param directory the store's directory, made if it isn't there
     */
    public static EventStore create(Path directory) {
        throw new UnsupportedOperationException();
    }

    /**
     * Opens a store. The local index is made or brought up to date with the files.
     *
     * @throws dev.evstore.core.StoreUnusableException there is no store at that place, or it can't be used
     */
    public static EventStore open(Path directory) {
        return open(directory, StoreOptions.defaults());
    }

    /**
     * @see #open(Path)
     */
    public static EventStore open(Path directory, StoreOptions options) {
        throw new UnsupportedOperationException();
    }
}
