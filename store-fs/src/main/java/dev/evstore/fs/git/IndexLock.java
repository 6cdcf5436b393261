package dev.evstore.fs.git;

import dev.evstore.fs.worktree.GitDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Git's own lock of its index: while {@code index.lock} is there, no git process writes the index. Another's is waited
 * for, briefly, and then reported; ours always goes with {@link #close}. A process that is asked to end ends after that;
 * one that is killed leaves a lock that says whose it was, and the next evstore removes it. To be closed by the thread that
 * took it.
 */
final class IndexLock implements AutoCloseable {

    /** As long as a large {@code git add} or {@code git status} may take; an open editor takes longer. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(20);

    private static final int PORTION = 256 << 10;

    /** How the content of our lock begins; then follow process id and start. */
    private static final String OURS = "evstore ";

    /** Held while a lock of ours is there, so that a JVM that is asked to end waits for that. */
    private static final ReentrantLock CRITICAL = new ReentrantLock();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(IndexLock::awaitRelease, "evstore, freeing git's index"));
    }

    private final GitRepository repository;
    private final Path index;
    private final Path lock;
    private boolean held = true;

    private IndexLock(GitRepository repository, Path index, Path lock) {
        this.repository = repository;
        this.index = index;
        this.lock = lock;
    }

    private static void awaitRelease() {
        try {
            if (CRITICAL.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                CRITICAL.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // then it ends at once
        }
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
            return waiting(patience, lock, () -> attempt(repository, index, lock));
        });
    }

    private static @Nullable IndexLock attempt(GitRepository repository, Path index, Path lock) throws IOException {
        CRITICAL.lock();
        boolean created = false;
        boolean taken = false;
        try {
            Files.createFile(lock);
            created = true;
            Files.writeString(lock, marker(ProcessHandle.current()));
            taken = true;
            return new IndexLock(repository, index, lock);
        } catch (FileAlreadyExistsException e) {
            return null;
        } finally {
            if (!taken) {
                CRITICAL.unlock();
                if (created) {
                    Files.deleteIfExists(lock); // the disk is full, perhaps
                }
            }
        }
    }

    private static String marker(ProcessHandle process) {
        return OURS + process.pid() + " " + process.info().startInstant().orElse(Instant.EPOCH) + "\n";
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
            if (isOfADeadProcess(lock)) {
                Files.deleteIfExists(lock);
                continue;
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

    private static boolean isOfADeadProcess(Path lock) throws IOException {
        String said;
        try (InputStream in = Files.newInputStream(lock)) {
            said = new String(in.readNBytes(100), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return false; // gone meanwhile
        }
        if (!said.matches(OURS + "[0-9]{1,18} \\S+\n")) {
            return false;
        }
        long pid = Long.parseLong(said.substring(OURS.length(), said.indexOf(' ', OURS.length())));
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        return process.isEmpty() || !marker(process.get()).equals(said);
    }

    /** {@link #stage(List, Set)}, leaving nothing out. */
    Staged stage(List<StagedFile> files) throws IOException {
        return stage(files, Set.of());
    }

    /**
     * What was done to the index.
     *
     * @param before its checksum until then, {@link IndexFile#checksum(Path)}
     * @param after its checksum since
     */
    record Staged(@Nullable String before, @Nullable String after) {}

    /**
     * Adds entries, durably, and frees the lock; nothing is written where they all stand there already.
     *
     * @param without paths whose entries go, at whatever stage
     */
    Staged stage(List<StagedFile> files, Set<String> without) throws IOException {
        IndexFile before = repository.index();
        if (!before.isStillAt(index)) {
            before = IndexFile.glance(index);
        }
        byte[] after = before.with(files, without);
        before.requireIntact();
        if (!before.is(after)) {
            replace(after);
        }
        close();
        return new Staged(before.checksum(), IndexFile.checksum(after));
    }

    /**
     * The new index keeps the time of the old: an entry that is as young as its index is one that git looks at twice, and
     * a user's change in the same tick would else go unseen.
     */
    private void replace(byte[] bytes) throws IOException {
        Path draft = index.resolveSibling(index.getFileName() + ".evstore");
        try {
            write(draft, bytes);
            keepLooks(draft);
            // Until now the lock said whose it is; from here on it is two renames.
            Files.move(draft, lock, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
        Files.move(lock, index, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        held = false;
        CRITICAL.unlock();
        syncDirectory(index);
    }

    /** One that a killed process left is written over: whoever has the lock is alone. */
    private static void write(Path draft, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            int at = 0;
            while (at < bytes.length) {
                // Not all at once: that many bytes would be copied out of the heap, and the copy's room kept.
                int written = channel.write(ByteBuffer.wrap(bytes, at, Math.min(PORTION, bytes.length - at)));
                if (written == 0) {
                    throw new IOException("the disk takes no bytes: " + draft);
                }
                at += written;
            }
            channel.force(true);
        }
    }

    private void keepLooks(Path draft) throws IOException {
        if (Files.exists(index)) {
            FileTime time = Files.getLastModifiedTime(index);
            if (Files.getFileStore(index).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(draft, Files.getPosixFilePermissions(index));
            }
            Files.setLastModifiedTime(draft, time);
        }
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
            try {
                Files.deleteIfExists(lock);
            } finally {
                CRITICAL.unlock();
            }
        }
    }
}
