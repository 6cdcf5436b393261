package dev.evstore.fs;

import dev.evstore.core.Finding;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.disk.StoreLock;
import dev.evstore.fs.index.Index;
import dev.evstore.fs.index.IndexException;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.replica.ReplicaFile;
import dev.evstore.fs.worktree.GitSteps;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What a store holds open, and how it came by it.
 *
 * @param readOnly whether events and identity stay as they are
 * @param throwaway whether the local directory is for this process alone and goes with it
 * @param notices what a person should know of the opening
 */
record Opened(
        StoreLayout layout,
        Disk disk,
        GitSteps git,
        StoreLock lock,
        ReplicaFile replica,
        Index index,
        boolean readOnly,
        boolean throwaway,
        List<Finding> notices)
        implements Closeable {

    static Opened forWriting(StoreLayout layout, Disk disk, Supplier<ReplicaId> ids) {
        GitSteps git = GitSteps.of(layout.root());
        StoreFiles.requireStore(layout);
        try {
            StoreFiles.Local local = new StoreFiles(layout, disk, git).requireLocal();
            StoreLayout own = local.layout();
            StoreFiles files = new StoreFiles(own, disk, git);
            List<Finding> notices = local.notice().stream().toList();
            StoreLock lock = files.lock();
            ReplicaFile replica = files.replica(lock, ids);
            return new Opened(own, disk, git, lock, replica, new Index(own, disk), false, false, notices);
        } catch (IOException | IndexException e) {
            throw FileEventStore.unusable(layout, e);
        }
    }

    static Opened forReading(StoreLayout layout) {
        Disk disk = new Disk();
        GitSteps git = GitSteps.of(layout.root());
        StoreFiles.requireStore(layout);
        try {
            Optional<StoreLayout> own =
                    new StoreFiles(layout, disk, git).findLocal().filter(local -> Files.isWritable(local.temporary()));
            StoreLayout used = own.isPresent()
                    ? own.get()
                    : new StoreLayout(layout.root(), Files.createTempDirectory("evstore-read-only"));
            disk.createDirectories(used.temporary());
            StoreFiles files = new StoreFiles(used, disk, git);
            StoreLock lock = files.lock();
            ReplicaFile replica = files.replica(lock, ReplicaFile::newId);
            return new Opened(used, disk, git, lock, replica, new Index(used, disk), true, own.isEmpty(), List.of());
        } catch (IOException | IndexException e) {
            throw FileEventStore.unusable(layout, e);
        }
    }

    /** A store that was written for this process alone, and goes with it: below its local directory. */
    static Opened forThisProcess(StoreLayout layout) {
        Disk disk = new Disk();
        GitSteps git = GitSteps.of(layout.root());
        StoreFiles.requireStore(layout);
        try {
            disk.createDirectories(layout.temporary());
            StoreFiles files = new StoreFiles(layout, disk, git);
            StoreLock lock = files.lock();
            return new Opened(
                    layout,
                    disk,
                    git,
                    lock,
                    files.replica(lock, ReplicaFile::newId),
                    new Index(layout, disk),
                    true,
                    true,
                    List.of());
        } catch (IOException | IndexException e) {
            throw FileEventStore.unusable(layout, e);
        }
    }

    /** Keeps the count of transactions written here for the case that the index is lost. */
    void saveSequence(long sequence) throws IOException {
        if (!readOnly && sequence > replica.sequence()) {
            new ReplicaFile(replica.id(), sequence).save(layout, disk);
        }
    }

    /**
     * Removes what processes left that were killed: drafts, which are written under the store lock and nowhere else, and
     * databases that nobody comes back to. The caller holds the store lock.
     */
    void removeLeftovers() throws IOException {
        if (readOnly) {
            return;
        }
        disk.removeDrafts(layout.temporary());
        try (StoreLock building = StoreLock.open(layout.reindexLock())) {
            if (building.tryAcquire()) {
                try {
                    index.removeSuperseded();
                } finally {
                    building.release();
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            index.close();
        }
        if (throwaway) {
            try (Stream<Path> all = Files.walk(layout.local())) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
