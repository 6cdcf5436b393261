package dev.evstore.fs.git;

import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.disk.Stamp;
import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;

/**
 * The store's files that a merge brings, on their way into the working tree: their bytes as git has them, through no
 * filter and no link, and nothing is replaced. Not thread-safe.
 */
final class ArrivingFiles {

    private static final int MOST_NAMED = 5;

    private final GitRepository repository;
    private final StoreLayout layout;
    private final Disk disk;
    private final List<MergePlan.Arriving> files;
    private final Path root;
    private final Set<Path> directories = new HashSet<>();

    ArrivingFiles(GitRepository repository, StoreLayout layout, Disk disk, List<MergePlan.Arriving> files)
            throws IOException {
        this.repository = repository;
        this.layout = layout;
        this.disk = disk;
        this.files = files;
        this.root = layout.root().toRealPath();
    }

    private Path directory(MergePlan.Arriving file) {
        String path = RawPath.text(file.path());
        return root.resolve("events" + path.substring(repository.prefix().length(), path.lastIndexOf('/')));
    }

    private Path place(MergePlan.Arriving file) {
        return directory(file).resolve(file.path().substring(file.path().lastIndexOf('/') + 1));
    }

    /**
     * Refuses where something else stands under one of the names; the same bytes are no obstacle.
     *
     * @throws dev.evstore.core.GitRefusedException naming what stands there
     */
    void refuseObstacles() throws IOException {
        List<String> obstacles = new ArrayList<>();
        for (MergePlan.Arriving file : files) {
            if (!isFree(file) && !isThere(file)) {
                obstacles.add(RawPath.text(file.path()));
            }
        }
        if (!obstacles.isEmpty()) {
            int named = Math.min(MOST_NAMED, obstacles.size());
            throw Refusals.refusal(
                    "Something stands in the working tree where the merge brings event files; nothing was changed.",
                    repository.where() + ": " + String.join(", ", obstacles.subList(0, named))
                            + (named < obstacles.size() ? " and " + (obstacles.size() - named) + " more" : ""),
                    "look at what it is; evstore commit if these are events, else move it away, then repeat");
        }
    }

    /** Whether nothing is there, and only directories lead there. */
    private boolean isFree(MergePlan.Arriving file) throws IOException {
        return isReachable(file) && Stamp.of(place(file)) == null;
    }

    private boolean isReachable(MergePlan.Arriving file) throws IOException {
        Path at = root;
        for (Path name : root.relativize(directory(file))) {
            at = at.resolve(name);
            if (!directories.contains(at)) {
                Stamp stamp = Stamp.of(at);
                if (stamp == null) {
                    return true;
                }
                if (stamp.kind() != Stamp.Kind.DIRECTORY) {
                    return false;
                }
                directories.add(at);
            }
        }
        return true;
    }

    private boolean isThere(MergePlan.Arriving file) throws IOException {
        Path place = place(file);
        Stamp stamp = isReachable(file) ? Stamp.of(place) : null;
        if (stamp == null || stamp.kind() != Stamp.Kind.FILE) {
            return false;
        }
        try (ObjectReader reader = repository.reader()) {
            ObjectId id = file.entry().id();
            return reader.getObjectSize(id, Constants.OBJ_BLOB) == stamp.size()
                    && Blobs.id(Files.readAllBytes(place)).equals(id);
        }
    }

    /** Makes them appear, each whole, and durably. */
    void publish() throws IOException {
        try (ObjectReader reader = repository.reader()) {
            for (MergePlan.Arriving file : files) {
                Path place = place(file);
                disk.createDirectories(directory(file));
                if (isThere(file)) {
                    continue;
                }
                try {
                    disk.publish(
                            layout.temporary(),
                            place,
                            Blobs.bytes(reader, file.entry().id()),
                            true);
                } catch (FileAlreadyExistsException e) {
                    throw Refusals.refusal(
                            "A file appeared where the merge brings one; the merge is not done.",
                            place,
                            "look at what it is, move it away, then repeat",
                            e);
                }
            }
        }
    }

    /** Adds them to git's index. */
    void stage() throws IOException {
        List<StagedFile> staged = new ArrayList<>();
        for (MergePlan.Arriving file : files) {
            staged.add(StagedFile.of(RawPath.text(file.path()), file.entry().id(), place(file)));
        }
        try (IndexLock lock = IndexLock.take(repository)) {
            lock.stage(staged);
        }
    }
}
