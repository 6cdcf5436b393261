package dev.evstore.fs.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A lock of the store: one holder at a time, over all threads and processes. The kernel frees it when a process dies.
 *
 * <p>The file is opened once in a JVM however many stores stand on it, and never read: on POSIX systems closing any
 * descriptor of a file frees the whole process's locks on it. Thread-safe; a lock is released by the thread that took
 * it. Not to be taken by threads that may be interrupted.
 */
public final class StoreLock implements AutoCloseable {

    private static final Map<Path, Shared> OPEN = new HashMap<>();

    private final Path key;
    private final Shared shared;
    private boolean closed;

    private StoreLock(Path key, Shared shared) {
        this.key = key;
        this.shared = shared;
    }

    /**
     * @param file the lock file, created if it isn't there; its directory exists
     */
    public static StoreLock open(Path file) throws IOException {
        synchronized (OPEN) {
            Path parent = file.toAbsolutePath().getParent();
            Path key = parent == null ? file : parent.toRealPath().resolve(file.getFileName());
            Shared shared = OPEN.get(key);
            if (shared == null) {
                shared = new Shared(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
                OPEN.put(key, shared);
            }
            shared.users++;
            return new StoreLock(key, shared);
        }
    }

    /** Waits for the lock and takes it; reentrant. */
    public void acquire() throws IOException {
        shared.threads.lock();
        if (shared.held == null) {
            try {
                shared.held = shared.channel.lock();
            } catch (IOException | RuntimeException e) {
                shared.threads.unlock();
                throw e;
            }
        }
        shared.depth++;
    }

    /** Takes the lock if nobody has it; reentrant. A lock that can't be had is left as it is. */
    public boolean tryAcquire() throws IOException {
        if (!shared.threads.tryLock()) {
            return false;
        }
        boolean taken = false;
        try {
            if (shared.held == null) {
                shared.held = shared.channel.tryLock();
            }
            taken = shared.held != null;
            if (taken) {
                shared.depth++;
            }
            return taken;
        } catch (OverlappingFileLockException e) {
            return false; // held by this very process, through classes of another loader
        } finally {
            if (!taken) {
                shared.threads.unlock();
            }
        }
    }

    /** Gives it back. */
    public void release() throws IOException {
        try {
            FileLock held = shared.held;
            if (--shared.depth == 0 && held != null) {
                shared.held = null;
                held.release();
            }
        } finally {
            shared.threads.unlock();
        }
    }

    /** The file is closed with its last user. */
    @Override
    public void close() throws IOException {
        synchronized (OPEN) {
            if (!closed) {
                closed = true;
                if (--shared.users == 0) {
                    OPEN.remove(key);
                    shared.channel.close();
                }
            }
        }
    }

    private static final class Shared {
        private final FileChannel channel;
        private final ReentrantLock threads = new ReentrantLock(true);
        private int users;
        private int depth;
        private @Nullable FileLock held;

        private Shared(FileChannel channel) {
            this.channel = channel;
        }
    }
}
