package dev.evstore.fs;

import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.disk.Stamp;
import dev.evstore.fs.git.CommittedEvents;
import dev.evstore.fs.index.FileRows;
import dev.evstore.fs.index.IndexReads;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.KeptFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Event files written here, kept a second time until git's HEAD holds them (rule L2). Called with the store lock held.
 */
final class UncommittedFiles {

    private final StoreLayout layout;
    private final Disk disk;
    private final IndexReads reads;
    private final FileRows rows;
    private final KeptFiles kept;

    UncommittedFiles(StoreLayout layout, Disk disk, IndexReads reads, FileRows rows) {
        this.layout = layout;
        this.disk = disk;
        this.reads = reads;
        this.rows = rows;
        this.kept = new KeptFiles(layout);
    }

    /**
     * An event file that is gone and that no commit holds.
     *
     * @param path relative to {@code events/}
     * @param transactions those in it that are not visible
     */
    record Lost(String path, Set<TransactionId> transactions) {}

    /**
     * @param uncommitted files that HEAD does not hold, lost ones included, but not those that only another branch holds
     */
    record Standing(long uncommitted, List<Lost> lost) {}

    /** Where the second copy of a file that is about to be published goes. */
    Path place(String month, String name) throws IOException {
        Path place = kept.path(month + "/" + name);
        disk.createDirectories(layout.uncommitted().resolve(month));
        return place;
    }

    /** How many files are kept, whatever git holds. */
    long count() throws IOException {
        return kept.list().size();
    }

    /** Removes the copies that HEAD has made superfluous, and tells of the rest. */
    Standing look(CommittedEvents git) throws IOException {
        long uncommitted = 0;
        List<Lost> lost = new ArrayList<>();
        for (String path : kept.list()) {
            if (git.isInHead(path, () -> kept.bytes(path)) || wasFolded(path, git)) {
                disk.remove(kept.path(path));
                continue;
            }
            SortedSet<TransactionId> gone = gone(path);
            // What another branch holds is not lost; put back here, it would stand in the way of a checkout.
            if (gone.isEmpty() || !git.isInAnyBranch(path, kept.bytes(path))) {
                uncommitted++;
                if (!gone.isEmpty()) {
                    lost.add(new Lost(path, gone));
                }
            }
        }
        return new Standing(uncommitted, lost);
    }

    /** Whether the file is gone and HEAD has all that was in it, as in a pack: its own path never gets into HEAD. */
    private boolean wasFolded(String path, CommittedEvents git) throws IOException {
        if (Stamp.of(layout.events().resolve(path)) != null) {
            return false;
        }
        List<TransactionHeader> all = KeptFiles.transactions(kept.bytes(path));
        for (TransactionHeader header : all) {
            boolean held = false;
            for (FileRows.Place place : rows.places(header.id())) {
                held |= place.trailer().equals(header.trailer())
                        && place.redacted().equals(header.redacted())
                        && git.isInHead(place.path());
            }
            if (!held) {
                return false;
            }
        }
        return !all.isEmpty();
    }

    private SortedSet<TransactionId> gone(String path) throws IOException {
        if (kept.isAt(layout.events().resolve(path), path)) {
            return new TreeSet<>();
        }
        List<TransactionHeader> all = KeptFiles.transactions(kept.bytes(path));
        return reads.notVisible(all.stream().map(TransactionHeader::id).toList());
    }

    /** Puts back what is lost; replaces nothing. */
    RestoreReport restore(List<Lost> lost) throws IOException {
        List<String> files = new ArrayList<>();
        Set<TransactionId> transactions = new TreeSet<>();
        for (Lost one : lost) {
            files.add("events/" + restore(one.path()));
            transactions.addAll(one.transactions());
        }
        return new RestoreReport(files, transactions.size());
    }

    /**
     * Publishes an event file that is to be committed again, and its second copy first.
     *
     * @return the path that it got: where the name is taken by other bytes, another
     */
    String putBack(String path, byte[] bytes) throws IOException {
        disk.createDirectories(layout.uncommitted().resolve(path.substring(0, path.indexOf('/'))));
        String free = path;
        try {
            disk.publish(layout.temporary(), kept.path(path), bytes, true);
        } catch (FileAlreadyExistsException e) {
            if (!Arrays.equals(kept.bytes(path), bytes)) {
                free = StoreLayout.besides(path, Sha256.hash(bytes));
                disk.publish(layout.temporary(), kept.path(free), bytes, true);
            }
        }
        return restore(free);
    }

    private String restore(String path) throws IOException {
        byte[] bytes = kept.bytes(path);
        Path target = layout.events().resolve(path);
        String month = path.substring(0, path.indexOf('/'));
        Path directory = layout.events().resolve(month);
        disk.createDirectories(layout.events()); // git clean takes it away where nothing was committed
        refuseLink(layout.events());
        Stamp stamp = Stamp.of(directory);
        if (stamp != null && stamp.kind() != Stamp.Kind.DIRECTORY) { // as a commit of a peer may have brought it
            return restoreAs(UUID.randomUUID() + path.substring(month.length()), path, bytes);
        }
        disk.createDirectories(directory);
        refuseLink(directory);
        try {
            disk.publish(layout.temporary(), target, bytes, true);
            return path;
        } catch (FileAlreadyExistsException e) {
            return restoreBeside(path, bytes);
        }
    }

    /** Something else stands under its name: it gets one after its own bytes, and so does its copy. */
    private String restoreBeside(String path, byte[] bytes) throws IOException {
        return restoreAs(StoreLayout.besides(path, Sha256.hash(bytes)), path, bytes);
    }

    private String restoreAs(String other, String path, byte[] bytes) throws IOException {
        String directory = other.substring(0, other.indexOf('/'));
        disk.createDirectories(layout.events().resolve(directory));
        disk.createDirectories(kept.path(directory));
        disk.publish(layout.temporary(), layout.events().resolve(other), kept.path(other), bytes, true);
        disk.remove(kept.path(path));
        return other;
    }

    private static void refuseLink(Path directory) throws IOException {
        Stamp stamp = Stamp.of(directory);
        if (stamp == null || stamp.kind() != Stamp.Kind.DIRECTORY) {
            throw new IOException(directory + " is no directory of the store's own");
        }
    }
}
