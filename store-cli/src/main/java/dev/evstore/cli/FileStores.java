package dev.evstore.cli;

import dev.evstore.core.EventStore;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.RestoreReport;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * Stores on files. One that this user or its file system lets nobody write to is opened read-only: what only reads works,
 * with an index that is thrown away.
 */
final class FileStores implements Stores {

    private final Predicate<Path> writable;

    FileStores() {
        this(Files::isWritable); // false of everything on a read-only file system, for root as well
    }

    /** @param writable whether files can be made in a directory */
    FileStores(Predicate<Path> writable) {
        this.writable = writable;
    }

    @Override
    public EventStore create(Path directory) {
        return FileEventStore.create(directory);
    }

    @Override
    public EventStore open(Path directory) {
        return openFiles(directory);
    }

    @Override
    public FileEventStore openFiles(Path directory) {
        Path events = directory.resolve("events");
        boolean readOnly = Files.isDirectory(events, LinkOption.NOFOLLOW_LINKS) && !writable.test(events);
        return readOnly ? FileEventStore.openReadOnly(directory) : FileEventStore.open(directory);
    }

    @Override
    public RestoreReport restore(Path directory) {
        try (FileEventStore store = openFiles(directory)) {
            return store.restore();
        }
    }
}
