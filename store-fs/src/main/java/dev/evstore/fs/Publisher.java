package dev.evstore.fs;

import dev.evstore.core.Durability;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.disk.PublishedNotSyncedException;
import dev.evstore.fs.disk.Stamp;
import dev.evstore.fs.index.AppendTransaction;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Puts a new event file in its place, as durable as the store was opened to be (A2), with its second copy (L2), and
 * tells the index where it is. Called on the store's thread, with the store lock held.
 */
final class Publisher {

    private final StoreLayout layout;
    private final Disk disk;
    private final EventFiles files;
    private final StoreInGit git;
    private final Clock wall;
    private final Random random;
    private final boolean full;
    /** Ends the name of the directory that is written to where the month's own name is taken. */
    private @Nullable String spare;
    /** The directory that was written to last, if its own name is safe from a power cut. */
    private @Nullable Path named;

    Publisher(StoreLayout layout, Disk disk, EventFiles files, StoreInGit git, StoreOptions options) {
        this.layout = layout;
        this.disk = disk;
        this.files = files;
        this.git = git;
        this.wall = options.clock();
        this.random = options.random();
        this.full = options.durability() == Durability.FULL;
    }

    /**
     * Publishes.
     *
     * @param other the name to take if something else stands under the first
     * @param transaction what the file holds, as the index has it
     * @param published is run once the file is there, whatever fails then
     */
    void publish(byte[] bytes, String name, String other, AppendTransaction transaction, Runnable published)
            throws IOException {
        syncEarlier(transaction);
        Path month = month();
        StoreFiles.requireEvents(layout);
        disk.createDirectories(month);
        refuseLink(month);
        if (full) {
            syncName(month);
        }
        String directory = month.getFileName().toString();
        String taken = name;
        try {
            publish(directory, name, bytes);
        } catch (PublishedNotSyncedException e) {
            published.run();
            throw e;
        } catch (FileAlreadyExistsException e) {
            taken = other;
            publish(directory, other, bytes);
        }
        published.run();
        transaction.published(directory, taken);
        if (!full) {
            transaction.markUnsynced(directory, taken);
        }
    }

    private void publish(String directory, String name, byte[] bytes) throws IOException {
        Path target = files.path(directory).resolve(name);
        disk.publish(layout.temporary(), target, git.place(directory, name), bytes, full);
    }

    /**
     * Makes durable what was written here and not synced, without a sync or by a process that was killed before it: what
     * is acknowledged now may be that, or name it (A2). Does nothing where nothing has to be durable.
     */
    void syncEarlier(AppendTransaction transaction) throws IOException {
        List<Path> unsynced = full ? transaction.unsynced() : List.of();
        if (!unsynced.isEmpty()) {
            disk.sync(unsynced, layout.root());
            transaction.markSynced();
        }
    }

    /**
     * Once in a process, since one that made the directory may have been killed before it synced the name, and git syncs
     * none.
     */
    private void syncName(Path directory) throws IOException {
        if (!directory.equals(named)) {
            disk.sync(List.of(directory), layout.root());
            named = directory;
        }
    }

    /** A commit of a peer may hold something else under the month's name; it can't guess the other one. */
    private Path month() throws IOException {
        Path month = layout.month(wall.instant());
        Stamp stamp = Stamp.of(month);
        if (stamp == null || stamp.kind() == Stamp.Kind.DIRECTORY) {
            return month;
        }
        if (spare == null) {
            spare = String.format("-%016x", random.nextLong());
        }
        return month.resolveSibling(month.getFileName() + spare);
    }

    private static void refuseLink(Path directory) throws IOException {
        Stamp stamp = Stamp.of(directory);
        if (stamp == null || stamp.kind() != Stamp.Kind.DIRECTORY) {
            throw new IOException(directory + " is no directory of the store's own");
        }
    }
}
