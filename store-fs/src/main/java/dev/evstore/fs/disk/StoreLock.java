package dev.evstore.fs.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The store's lock: one holder at a time, over all threads and processes. The kernel frees it when a process dies.
 *
 * <p>The file is opened once in a JVM however many stores stand on it, and never read: on POSIX systems closing any
 * descriptor of a file frees the whole process's locks on it. Thread-safe; a lock is released by the thread that took
 * it. Not to be taken by threads that may be interrupted.
 */
public final class StoreLock implements AutoCloseable {

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

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
                shared.held = lock(shared.channel);
            } catch (IOException | RuntimeException e) {
                shared.threads.unlock();
                throw e;
            }
        }
        shared.depth++;
    }

    /**
     * The kernel sees processes, not threads: where two processes use two stores, each may hold one lock with one thread
     * and wait for the other with another, which it calls a deadlock. None of ours is one, so whoever is told so and
     * sees that the lock is merely taken waits again.
     */
    private static FileLock lock(FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (IOException e) {
                FileLock free = tryLock(channel, e);
                if (free != null) {
                    return free;
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel, IOException trouble) throws IOException {
        try {
            return channel.tryLock();
        } catch (IOException e) {
            e.addSuppressed(trouble);
            throw e;
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
