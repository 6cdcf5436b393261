package dev.evstore.fs;

import dev.evstore.core.Finding;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.disk.Stamp;
import dev.evstore.fs.disk.StoreLock;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.replica.Ownership;
import dev.evstore.fs.replica.ReplicaFile;
import dev.evstore.fs.worktree.GitDirectory;
import dev.evstore.fs.worktree.GitSteps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the directories and small files of a store, and finds them again. */
final class StoreFiles {

    private final StoreLayout layout;
    private final Disk disk;
    private final Ownership ownership;

    StoreFiles(StoreLayout layout, Disk disk, GitSteps git) {
        this.layout = layout;
        this.disk = disk;
        GitDirectory directory = git.directory();
        this.ownership = new Ownership(layout, directory == null ? null : directory.path());
    }

    /** {@code events/} with its attributes and ignore rules; what is there is kept. */
    void create() {
        try {
            disk.createDirectories(layout.events());
            StoreLayout own = requireLocal().layout();
            try (StoreLock lock = StoreLock.open(own.lock())) {
                underLock(lock, () -> {
                    write(own.temporary(), layout.attributes(), StoreLayout.attributesBytes());
                    write(own.temporary(), layout.ignore(), StoreLayout.ignoreBytes());
                    return true;
                });
            }
        } catch (IOException e) {
            throw new StoreUnusableException(
                    "A store can't be made here.",
                    layout.root() + " (" + e.getMessage() + ")",
                    "choose a directory that can be written",
                    e);
        }
    }

    private void write(Path temporary, Path file, byte[] bytes) throws IOException {
        if (!Files.exists(file)) {
            try {
                disk.publish(temporary, file, bytes, true);
            } catch (FileAlreadyExistsException e) {
                return; // another process made the same bytes at the same time
            }
        }
    }

    static void requireStore(StoreLayout layout) {
        try {
            Stamp events = Stamp.of(layout.events());
            if (events == null) {
                CheckedOut.refuseWhatGitHas(layout);
            }
            if (events == null || events.kind() != Stamp.Kind.DIRECTORY) {
                throw new StoreUnusableException(
                        events == null ? "There is no store here." : "The store's events are no directory of its own.",
                        layout.root().toString(),
                        "make one with evstore init, or name its directory with -C DIR",
                        null);
            }
        } catch (IOException e) {
            throw new StoreUnusableException(
                    "The store can't be used.",
                    layout.root() + " (" + e.getMessage() + ")",
                    "look at the permissions",
                    e);
        }
    }

    /**
     * Refuses to write where {@code events} went since the store was opened.
     *
     * @throws StoreUnusableException there is no such directory, or something else stands there
     */
    static void requireEvents(StoreLayout layout) throws IOException {
        Stamp events = Stamp.of(layout.events());
        if (events == null) {
            CheckedOut.refuseWhatGitHas(layout);
            throw new StoreUnusableException(
                    "The store's directory events is gone; nothing is written until it is back.",
                    layout.events().toString(),
                    "if git status shows that a commit or branch without the store is checked out, git checkout one that"
                            + " has it; else evstore init, then evstore restore",
                    null);
        }
        if (events.kind() != Stamp.Kind.DIRECTORY) {
            throw new StoreUnusableException(
                    "The store's events are no directory of its own; nothing is written until they are.",
                    layout.events().toString(),
                    "remove what stands there and bring the directory back (git checkout -- events)",
                    null);
        }
    }

    /** The store with this working copy's own local directory; empty if it has none. */
    Optional<StoreLayout> findLocal() throws IOException {
        return ownership.find();
    }

    /**
     * @param layout with this working copy's own local directory
     * @param notice what a person should know of it
     */
    record Local(StoreLayout layout, Optional<Finding> notice) {}

    /**
     * Makes {@code .evstore} whole if it isn't there; sets it aside whole and makes another if nothing in it is this
     * working copy's own (rule L1): nothing of it is used.
     */
    Local requireLocal() throws IOException {
        Optional<Finding> notice = Optional.empty();
        Optional<StoreLayout> own = ownership.find();
        if (own.isEmpty()) {
            Stamp foreign = Stamp.of(layout.home());
            Path aside = foreign == null ? null : setAside();
            boolean hadOne = ownership.forgetEarlier();
            createLocal();
            if (aside != null) {
                keepAside(aside);
                notice = Optional.of(renewed("The local directory was not this working copy's own."));
            } else if (hadOne) {
                notice = Optional.of(renewed("The local directory was gone."));
            }
            own = ownership.find();
        }
        StoreLayout found = own.orElseThrow(() -> new IOException("the local directory went as it was made"));
        disk.createDirectories(found.temporary());
        return new Local(found, notice);
    }

    private Finding renewed(String why) {
        return new Finding(
                Finding.Code.LOCAL_RENEWED,
                why + " A new one was made, with a new replica id; cursors from before are stale.",
                layout.home().toString(),
                "rebuild what was derived from the feed; nothing in events is lost");
    }

    /** Whatever it is, a link included, under another name that git ignores once it is back inside. */
    private @Nullable Path setAside() throws IOException {
        Path aside = layout.root().resolve(".evstore-aside-" + UUID.randomUUID());
        try {
            Files.move(layout.home(), aside);
            return aside;
        } catch (FileSystemException e) {
            if (ownership.find().isPresent() || Stamp.of(layout.home()) == null) {
                return null; // another process was faster
            }
            throw e;
        }
    }

    private void keepAside(Path aside) throws IOException {
        Files.move(
                aside,
                layout.home()
                        .resolve(Objects.requireNonNull(aside.getFileName())
                                .toString()
                                .substring(9)));
    }

    /** Git must never see a part of it without the file that makes git ignore it. */
    private void createLocal() throws IOException {
        Path draft = layout.root().resolve(".evstore-" + UUID.randomUUID());
        String token = Ownership.newToken();
        Path own = draft.resolve(token);
        Path temporary = own.resolve("tmp");
        Path hides = StoreLayout.hides(draft);
        Path hidesOwn = StoreLayout.hides(own);
        disk.createDirectories(temporary);
        for (Path ignore : new Path[] {hides, hidesOwn}) { // the first, a commit of a peer may replace
            disk.publish(temporary, ignore, "*\n".getBytes(StandardCharsets.US_ASCII), true);
        }
        ownership.claim(own, token);
        try {
            Files.move(draft, layout.home());
        } catch (FileSystemException e) {
            for (Path part : new Path[] {own.resolve("owner"), hidesOwn, temporary, own, hides, draft}) {
                Files.deleteIfExists(part);
            }
            if (ownership.find().isEmpty()) {
                throw e;
            }
            // Another process was faster, and made the same.
        }
    }

    StoreLock lock() throws IOException {
        return StoreLock.open(layout.lock());
    }

    /** Who this working copy is; a new replica where nothing usable says. */
    ReplicaFile replica(StoreLock lock, Supplier<ReplicaId> ids) throws IOException {
        return underLock(lock, () -> {
            ReplicaFile known = ReplicaFile.load(layout);
            if (known != null) {
                return known;
            }
            ReplicaFile fresh = ReplicaFile.fresh(ids.get());
            fresh.save(layout, disk);
            return fresh;
        });
    }

    /** Whoever writes a draft holds the lock, so that whoever has it knows that nobody writes one. */
    private static <T> T underLock(StoreLock lock, IndexAccess.Work<T> work) throws IOException {
        lock.acquire();
        try {
            return work.run();
        } finally {
            lock.release();
        }
    }
}
