package dev.evstore.fs.git;

import dev.evstore.fs.worktree.GitDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.errors.LockFailedException;
import org.jspecify.annotations.Nullable;

/**
 * Git's own lock of its index: while {@code index.lock} is there, no git process writes the index. Another's is waited
 * for, briefly, and then reported; ours always goes with {@link #close}. Not thread-safe.
 */
final class IndexLock implements AutoCloseable {

    /** As long as a large {@code git add} or {@code git status} may take; an open editor takes longer. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Path index;
    private final Path lock;
    private boolean held = true;

    private IndexLock(Path index, Path lock) {
        this.index = index;
        this.lock = lock;
    }

    /** Takes it. */
    static IndexLock take(GitRepository repository) {
        return take(repository, PATIENCE);
    }

    static IndexLock take(GitRepository repository, Duration patience) {
        return repository.asking(() -> {
            GitDirectory git = repository.directory();
            Path index = Files.isSymbolicLink(git.index()) ? git.index().toRealPath() : git.index();
            Path lock = index.resolveSibling(index.getFileName() + ".lock");
            return waiting(patience, lock, () -> {
                try {
                    Files.createFile(lock);
                    return new IndexLock(index, lock);
                } catch (FileAlreadyExistsException e) {
                    return null;
                }
            });
        });
    }

    /** The index as JGit keeps it, locked; {@code unlock()} or {@code commit()} ends that. For a merge. */
    static DirCache takeWhole(GitRepository repository) {
        return repository.asking(() -> waiting(PATIENCE, repository.directory().indexLock(), () -> {
            try {
                return repository.jgit().lockDirCache();
            } catch (LockFailedException e) {
                return null;
            }
        }));
    }

    /** Waits until nobody has it, without taking it. */
    static void await(GitRepository repository) {
        Path lock = repository.directory().indexLock();
        repository.asking(() -> waiting(PATIENCE, lock, () -> Files.exists(lock) ? null : lock));
    }

    private interface Attempt<T> {
        @Nullable
        T once() throws IOException;
    }

    private static <T> T waiting(Duration patience, Path lock, Attempt<T> attempt) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            T got = attempt.once();
            if (got != null) {
                return got;
            }
            if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
                throw Refusals.refusal(
                        "Another git process holds the lock of git's index.",
                        lock,
                        "end it (an editor may be open for a commit), then repeat; if no git runs, remove that file");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** The index as it is now. */
    IndexFile read() throws IOException {
        return IndexFile.read(index);
    }

    /** Adds entries, durably, and frees the lock; nothing is written where they all stand there already. */
    void stage(List<StagedFile> files) throws IOException {
        IndexFile before = read();
        byte[] after = before.with(files);
        if (!before.is(after)) {
            replace(after);
        }
        close();
    }

    /**
     * The new index keeps the time of the old: an entry that is as young as its index is one that git looks at twice, and
     * a user's change in the same tick would else go unseen.
     */
    private void replace(byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                if (channel.write(buffer) == 0) {
                    throw new IOException("the disk takes no bytes: " + lock);
                }
            }
            channel.force(true);
        }
        try {
            FileTime time = Files.getLastModifiedTime(index);
            Files.setLastModifiedTime(lock, time);
            if (Files.getFileStore(index).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(lock, Files.getPosixFilePermissions(index));
            }
        } catch (NoSuchFileException e) {
            // There was no index yet.
            assert !Files.exists(index);
        }
        Files.move(lock, index, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        held = false;
        syncDirectory(index);
    }

    private static void syncDirectory(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null && directory.getFileSystem().getSeparator().equals("/")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (held) {
            held = false;
            Files.deleteIfExists(lock);
        }
    }
}
