package dev.evstore.fs;

import dev.evstore.core.StoreUnusableException;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.disk.StoreLock;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.Stamp;
import dev.evstore.fs.replica.ReplicaFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Makes the directories and small files of a store, and finds them again. */
final class StoreFiles {

    private StoreFiles() {}

    /** {@code events/} with its attributes and ignore rules; what is there is kept. */
    static void create(StoreLayout layout, Disk disk) {
        try {
            disk.createDirectories(layout.events());
            openLocal(layout, disk).close();
            write(layout, disk, layout.attributes(), StoreLayout.attributesBytes());
            write(layout, disk, layout.ignore(), StoreLayout.ignoreBytes());
        } catch (IOException e) {
            throw new StoreUnusableException(
                    "A store can't be made here.",
                    layout.root() + " (" + e.getMessage() + ")",
                    "choose a directory that can be written",
                    e);
        }
    }

    private static void write(StoreLayout layout, Disk disk, Path file, byte[] bytes) throws IOException {
        if (!Files.exists(file)) {
            try {
                disk.publish(layout.temporary(), file, bytes, true);
            } catch (FileAlreadyExistsException e) {
                return; // another process made the same bytes at the same time
            }
        }
    }

    static void requireStore(StoreLayout layout) {
        try {
            Stamp events = Stamp.of(layout.events());
            if (events != null && events.kind() == Stamp.Kind.DIRECTORY) {
                return;
            }
            if (events == null) {
                CheckedOut.refuseWhatGitHas(layout);
            }
            throw new StoreUnusableException(
                    events == null ? "There is no store here." : "The store's events are no directory of its own.",
                    layout.root().toString(),
                    "make one with evstore init, or name its directory with -C DIR",
                    null);
        } catch (IOException e) {
            throw new StoreUnusableException(
                    "The store can't be used.",
                    layout.root() + " (" + e.getMessage() + ")",
                    "look at the permissions",
                    e);
        }
    }

    /** Makes {@code .evstore} whole if it isn't there, and opens the lock in it. */
    static StoreLock openLocal(StoreLayout layout, Disk disk) {
        try {
            Stamp local = Stamp.of(layout.local());
            if (local == null) {
                createLocal(layout, disk);
            } else if (local.kind() != Stamp.Kind.DIRECTORY) {
                throw new StoreUnusableException(
                        "The store's local directory is no directory of its own.",
                        layout.local().toString(),
                        "remove it; it is made again",
                        null);
            }
            disk.createDirectories(layout.temporary());
            return StoreLock.open(layout.lock());
        } catch (IOException e) {
            throw new StoreUnusableException(
                    "The store can't be used.",
                    layout.local() + " (" + e.getMessage() + ")",
                    "look at the permissions and the free space there",
                    e);
        }
    }

    /** Git must never see a part of it without the file that makes git ignore it. */
    private static void createLocal(StoreLayout layout, Disk disk) throws IOException {
        Path draft = layout.root().resolve(".evstore-" + UUID.randomUUID());
        disk.createDirectories(draft.resolve("tmp"));
        disk.publish(
                draft.resolve("tmp"), draft.resolve(".gitignore"), "*\n".getBytes(StandardCharsets.US_ASCII), true);
        try {
            Files.move(draft, layout.local());
        } catch (FileSystemException e) {
            Stamp local = Stamp.of(layout.local());
            Files.delete(draft.resolve(".gitignore"));
            Files.delete(draft.resolve("tmp"));
            Files.delete(draft);
            if (local == null) {
                throw e;
            }
            // Another process was faster, and made the same.
        }
    }

    /** Who this working copy is; a new replica where nothing usable says. */
    static ReplicaFile replica(StoreLayout layout, Disk disk) throws IOException {
        ReplicaFile known = ReplicaFile.load(layout);
        if (known != null) {
            return known;
        }
        ReplicaFile fresh = ReplicaFile.fresh();
        fresh.save(layout, disk);
        return fresh;
    }

    /** Closes what was opened before {@code trouble} came. */
    static void closeAfter(Exception trouble, StoreLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            trouble.addSuppressed(e);
        }
    }
}
