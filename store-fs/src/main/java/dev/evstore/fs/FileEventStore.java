package dev.evstore.fs;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedPage;
import dev.evstore.core.ReadOptions;
import dev.evstore.core.RefreshReport;
import dev.evstore.core.StoreStatus;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.StreamInfo;
import dev.evstore.core.StreamSlice;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.HybridClock;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.disk.StoreLock;
import dev.evstore.fs.index.Feed;
import dev.evstore.fs.index.Index;
import dev.evstore.fs.index.IndexException;
import dev.evstore.fs.index.IndexReads;
import dev.evstore.fs.index.IndexWrites;
import dev.evstore.fs.index.PayloadGoneException;
import dev.evstore.fs.index.StatusReport;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.EventFiles;
import dev.evstore.fs.replica.ReplicaFile;
import dev.evstore.fs.worktree.GitSteps;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The store on files: events in a directory that git keeps, an index beside them that git does not. Several stores, in
 * one process or in many, may be open on one directory.
 *
 * <p>Reads run on the caller's thread. All writes run on one thread of the store's own, under a lock that every process
 * respects; interrupting a caller interrupts no write. Thread-safe.
 */
public final class FileEventStore implements EventStore {

    /** An append looks at the files when the last look is older than this; what it misses in between merely forks. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** And no more often than takes this part of its time, however many files there are. */
    private static final int LOOK_SHARE = 20;

    private final StoreLayout layout;
    private final Disk disk;
    private final StoreLock lock;
    private final ReplicaFile replica;
    private final Index index;
    private final IndexWrites writes;
    private final IndexReads reads;
    private final Feed feed;
    private final StatusReport statusReport;
    private final Appender appender;
    private final StoreThread<Append, AppendResult> thread;
    private volatile boolean closed;
    private long nextLook = System.nanoTime();

    private FileEventStore(
            StoreLayout layout, Disk disk, StoreLock lock, ReplicaFile replica, Index index, StoreOptions options) {
        EventFiles files = new EventFiles(layout);
        HybridClock ids = new HybridClock(options.clock(), options.random());
        this.layout = layout;
        this.disk = disk;
        this.lock = lock;
        this.replica = replica;
        this.index = index;
        this.writes = new IndexWrites(index, layout, GitSteps.of(layout.root()), replica.id());
        this.reads = new IndexReads(index, files);
        this.feed = new Feed(index, files);
        this.statusReport = new StatusReport(index, files, replica.id(), ids);
        this.appender = new Appender(layout, disk, index, files, replica.id(), ids, options);
        this.thread = new StoreThread<>("evstore " + layout.root().getFileName(), this::appendUnderLock);
    }

    /**
     * Makes a store: {@code events/} with the two files that keep git's hands off it. What is there already is kept;
     * making a store twice is no error.
     *
     * @param directory the store's directory, made if it isn't there
     * @throws StoreUnusableException it can't be made there; what was made until then is left
     */
    public static FileEventStore create(Path directory) {
        return create(directory, StoreOptions.defaults());
    }

    /**
     * Makes a store and opens it.
     *
     * @see #create(Path)
     */
    public static FileEventStore create(Path directory, StoreOptions options) {
        StoreLayout layout = new StoreLayout(directory.toAbsolutePath().normalize());
        return Uninterrupted.call(() -> {
            StoreFiles.create(layout, new Disk());
            return openUninterrupted(layout, options);
        });
    }

    /**
     * Opens a store and brings its local index up to date with the files.
     *
     * @throws StoreUnusableException there is no store at that place, or it can't be used
     */
    public static FileEventStore open(Path directory) {
        return open(directory, StoreOptions.defaults());
    }

    /**
     * Opens a store otherwise than by default.
     *
     * @see #open(Path)
     */
    public static FileEventStore open(Path directory, StoreOptions options) {
        StoreLayout layout = new StoreLayout(directory.toAbsolutePath().normalize());
        return Uninterrupted.call(() -> openUninterrupted(layout, options));
    }

    private static FileEventStore openUninterrupted(StoreLayout layout, StoreOptions options) {
        Disk disk = new Disk();
        StoreFiles.requireStore(layout);
        StoreLock lock = StoreFiles.openLocal(layout, disk);
        try {
            lock.acquire();
            try {
                ReplicaFile replica = StoreFiles.replica(layout, disk);
                Index index = new Index(layout, disk);
                boolean fresh = index.ensure(replica.sequence());
                FileEventStore store = new FileEventStore(layout, disk, lock, replica, index, options);
                if (fresh || !store.writes.isQuiet()) {
                    store.writes.refresh();
                }
                if (fresh) {
                    store.writes.recountOwn();
                }
                store.thread.start();
                return store;
            } finally {
                lock.release();
            }
        } catch (IOException | IndexException e) {
            StoreFiles.closeAfter(e, lock);
            throw unusable(layout, e);
        } catch (RuntimeException e) {
            StoreFiles.closeAfter(e, lock);
            throw e;
        }
    }

    @Override
    public ReplicaId replica() {
        return replica.id();
    }

    @Override
    public StreamSlice read(StreamId stream, ReadOptions options) {
        return reading(() -> reads.slice(stream, options));
    }

    @Override
    public AppendResult append(Append append) {
        requireOpen();
        return thread.append(append);
    }

    @Override
    public FeedPage readFeed(FeedCursor after, EventFilter filter, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a page has room for at least 1 entry, not " + limit);
        }
        look();
        Feed.Page page = reading(() -> feed.page(after, filter, Math.min(limit, MAX_PAGE)));
        if (!page.durable()) {
            thread.call(() -> underLock(() -> {
                writes.makeDurable();
                return true;
            }));
        }
        return page.page();
    }

    @Override
    public RefreshReport refresh() {
        requireOpen();
        return thread.call(() -> underLock(writes::refresh));
    }

    @Override
    public List<StreamInfo> streams(String prefix) {
        return reading(() -> reads.streams(prefix));
    }

    @Override
    public List<ForkUnit> forks() {
        return reading(reads::forks);
    }

    @Override
    public Digest digest() {
        return reading(reads::digest);
    }

    @Override
    public StoreStatus status() {
        return reading(statusReport::status);
    }

    /** Takes in what changed, if anything did; where nothing did, no lock is taken. */
    private void look() {
        if (!reading(writes::isQuiet)) {
            refresh();
        }
    }

    private interface Access<T> {
        T run() throws IOException;
    }

    /** Reads; if a file is gone from under a page, looks at the files once and reads again. */
    private <T> T reading(Access<T> access) {
        requireOpen();
        try {
            try {
                return access.run();
            } catch (PayloadGoneException e) {
                refresh();
                return access.run();
            }
        } catch (PayloadGoneException e) {
            throw new StoreUnusableException(
                    "An event file changed after it was taken in, so an event can't be read.",
                    e.getMessage() + " in " + layout.root(),
                    "bring the file back as it was (git checkout -- FILE), or wait until git is done",
                    e);
        } catch (IOException | IndexException e) {
            throw unusable(layout, e);
        }
    }

    private <T> T underLock(Access<T> access) {
        try {
            lock.acquire();
            try {
                return access.run();
            } finally {
                lock.release();
            }
        } catch (IOException | IndexException e) {
            throw unusable(layout, e);
        }
    }

    private void appendUnderLock(List<StoreThread.Waiting<Append, AppendResult>> group) {
        try {
            underLock(() -> {
                lookIfDue();
                if (!appender.append(group)) {
                    nextLook = System.nanoTime();
                }
                return true;
            });
        } catch (RuntimeException | Error e) {
            group.forEach(waiting -> waiting.answer().completeExceptionally(e));
        }
    }

    private void lookIfDue() throws IOException {
        long start = System.nanoTime();
        if (start - nextLook >= 0) {
            if (!writes.isQuiet()) {
                writes.refresh();
            }
            long took = System.nanoTime() - start;
            nextLook = start + Math.max(LOOK_NANOS, LOOK_SHARE * took);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        thread.close();
        Uninterrupted.call(() -> {
            closeUninterrupted();
            return true;
        });
    }

    private void closeUninterrupted() {
        try (lock;
                index) {
            lock.acquire();
            try {
                long sequence = writes.replicaSequence();
                if (sequence > replica.sequence()) {
                    new ReplicaFile(replica.id(), sequence).save(layout, disk);
                }
            } finally {
                lock.release();
            }
        } catch (IOException | IndexException e) {
            throw unusable(layout, e);
        }
    }

    private static StoreUnusableException unusable(StoreLayout layout, Exception cause) {
        return new StoreUnusableException(
                "The store can't be used.",
                layout.root() + " (" + cause.getMessage() + ")",
                "look at the permissions and the free space there; the index in .evstore can be removed and is built"
                        + " again from the event files",
                cause);
    }
}
