package dev.evstore.fs;

import dev.evstore.core.id.ReplicaId;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.layout.StoreLayout;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Opens stores on a disk that a test brings. */
public final class OnDisk {

    private OnDisk() {}

    /** Makes a store if there is none, and opens it; where it needs an id of its own, it is given one. */
    public static FileEventStore create(Path directory, StoreOptions options, Disk disk, Supplier<ReplicaId> ids) {
        return FileEventStore.create(directory, options, disk, ids);
    }

    /** Where an open store has its own files. */
    public static StoreLayout layout(FileEventStore store) {
        return store.opened().layout();
    }
}
