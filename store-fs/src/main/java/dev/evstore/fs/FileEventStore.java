package dev.evstore.fs;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.AppendedAll;
import dev.evstore.core.CanonicalReads;
import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedPage;
import dev.evstore.core.Finding;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.ReadOptions;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.RefreshReport;
import dev.evstore.core.StoreStatus;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.StoredTransaction;
import dev.evstore.core.StreamInfo;
import dev.evstore.core.StreamSlice;
import dev.evstore.core.Subscription;
import dev.evstore.core.SubscriptionHandler;
import dev.evstore.core.SubscriptionOptions;
import dev.evstore.core.append.Pages;
import dev.evstore.core.append.SafeObserver;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.history.StaleRead;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.HybridClock;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.merge.Reconciliation;
import dev.evstore.core.reconcile.Resolver;
import dev.evstore.core.subscription.Subscriptions;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.index.AllReads;
import dev.evstore.fs.index.Feed;
import dev.evstore.fs.index.FileRows;
import dev.evstore.fs.index.ForkLooks;
import dev.evstore.fs.index.Index;
import dev.evstore.fs.index.IndexException;
import dev.evstore.fs.index.IndexReads;
import dev.evstore.fs.index.IndexWrites;
import dev.evstore.fs.index.SeenReads;
import dev.evstore.fs.index.StaleReads;
import dev.evstore.fs.index.StatusReport;
import dev.evstore.fs.index.Verification;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.EventFiles;
import dev.evstore.fs.log.Ghosts;
import dev.evstore.fs.replica.ReplicaFile;
import dev.evstore.fs.subscription.FileBooks;
import dev.evstore.fs.worktree.GitSteps;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The store on files: events in a directory that git keeps, an index beside them that git does not. Several stores, in
 * one process or in many, may be open on one directory.
 *
 * <p>Reads run on the caller's thread. All writes run on one thread of the store's own, under a lock that every process
 * respects; interrupting a caller interrupts no write. Thread-safe.
 */
public final class FileEventStore implements EventStore {

    private static final System.Logger LOG = System.getLogger(FileEventStore.class.getName());

    private final Opened opened;
    private final StoreLayout layout;
    private final Index index;
    private final Ghosts ghosts;
    private final IndexWrites writes;
    private final IndexReads reads;
    private final AllReads allReads;
    private final StaleReads staleReads;
    private final Feed feed;
    private final FileCanonicalReads canonicalReads;
    private final Verification verification;
    private final StatusReport statusReport;
    private final StoreInGit git;
    private final Appends appends;
    private final StoreThread<Append, AppendResult> thread;
    private final IndexAccess access;
    private final FileForks merges;
    private final SafeObserver observer;
    private final Subscriptions subscriptions;
    private final BesideTheEvents surroundings;
    private final Duration poll;
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile boolean closed;

    private FileEventStore(Opened opened, StoreOptions options) {
        EventFiles files = new EventFiles(opened.layout());
        HybridClock ids = new HybridClock(options.clock(), options.random());
        this.opened = opened;
        this.layout = opened.layout();
        ReplicaId self = opened.replica().id();
        this.index = opened.index();
        this.ghosts = new Ghosts(layout, opened.disk(), () -> new TakenAway(layout, opened.git()));
        this.writes = new IndexWrites(index, layout, opened.git(), ghosts, self);
        this.reads = new IndexReads(index, files);
        this.allReads = new AllReads(index, files);
        this.staleReads = new StaleReads(index);
        this.feed = new Feed(index, files);
        this.canonicalReads = new FileCanonicalReads(
                new SeenReads(index, files),
                feed,
                new FileCanonicalReads.Reading() {
                    @Override
                    public <T> T of(IndexAccess.Work<T> work) {
                        return reading(work);
                    }
                },
                this::durable);
        this.verification = new Verification(index, files);
        this.statusReport = new StatusReport(index, files, self, ids);
        this.git = new StoreInGit(layout, opened.disk(), opened.git(), reads, writes, new FileRows(index));
        this.surroundings = new BesideTheEvents(layout, files, reads, options.clock(), git.isInGit());
        Publisher publisher = new Publisher(layout, opened.disk(), files, git, options);
        Appender appender = new Appender(layout, publisher, index, files, self, ids, options.random());
        this.observer = new SafeObserver(options.observer());
        this.thread = new StoreThread<>("evstore " + layout.root().getFileName(), this::appendUnderLock);
        this.access = new IndexAccess(opened, writes, thread, observer, this::changed);
        this.appends = new Appends(layout, thread, access, appender, git, observer, this::changed);
        this.merges = new FileForks(
                new ForkLooks(index, files, self),
                new MergeWriter(layout, publisher, index, files, self),
                access,
                git,
                ids,
                this::changed);
        this.poll = options.poll();
        this.subscriptions = new Subscriptions(
                this,
                new FileBooks(
                        layout,
                        making -> access.writing(() -> {
                            making.run();
                            return true;
                        })),
                options.poll());
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
        return create(directory, options, new Disk(), ReplicaFile::newId);
    }

    /** Makes a store on that disk and opens it; where it needs an id of its own, it is given one. */
    static FileEventStore create(Path directory, StoreOptions options, Disk disk, Supplier<ReplicaId> ids) {
        StoreLayout layout = StoreLayout.of(directory);
        Opened opened = Uninterrupted.call(() -> {
            new StoreFiles(layout, disk, GitSteps.of(layout.root())).create();
            return Opened.forWriting(layout, disk, ids);
        });
        return started(opened, options);
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
        StoreLayout layout = StoreLayout.of(directory);
        return started(Uninterrupted.call(() -> Opened.forWriting(layout, new Disk(), ReplicaFile::newId)), options);
    }

    /**
     * Opens a store that this process must not change: no event and no identity is written, an append is refused. The
     * working copy's own index is used and brought up to date if it is there and can be written; else a throwaway one,
     * whose cursors last as long as this store is open.
     *
     * @throws StoreUnusableException there is no store at that place, or it can't be read
     */
    public static FileEventStore openReadOnly(Path directory) {
        return openReadOnly(directory, StoreOptions.defaults());
    }

    /**
     * Opens a store read-only and otherwise than by default.
     *
     * @see #openReadOnly(Path)
     */
    public static FileEventStore openReadOnly(Path directory, StoreOptions options) {
        StoreLayout layout = StoreLayout.of(directory);
        return started(Uninterrupted.call(() -> Opened.forReading(layout)), options);
    }

    /** Opens a store that was written below its own local directory; closing it deletes both. */
    static FileEventStore openOnce(StoreLayout layout, StoreOptions options) {
        return started(Uninterrupted.call(() -> Opened.forThisProcess(layout)), options);
    }

    private static FileEventStore started(Opened opened, StoreOptions options) {
        FileEventStore store = new FileEventStore(opened, options);
        store.thread.start();
        try {
            store.access.bringUpToDate();
            return store;
        } catch (RuntimeException e) {
            store.thread.close();
            try {
                opened.close();
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    @Override
    public ReplicaId replica() {
        return opened.replica().id();
    }

    @Override
    public StreamSlice read(StreamId stream, ReadOptions options) {
        return reading(() -> reads.slice(stream, options));
    }

    @Override
    public Iterable<StoredEvent> readAll(ReadAllOptions options) {
        return new Pages<>(
                options.after(),
                options.limit(),
                (after, limit) -> reading(() -> allReads.page(options, after, limit)));
    }

    @Override
    public Iterable<TransactionHeader> readLog(@Nullable TransactionId before) {
        return new Pages<>(before, Long.MAX_VALUE, (place, limit) -> reading(() -> allReads.log(place, limit)));
    }

    @Override
    public Optional<StoredTransaction> readTransaction(TransactionId id) {
        return reading(() -> allReads.transaction(id));
    }

    @Override
    public Optional<StoredEvent> findEvent(EventId id) {
        return reading(() -> allReads.event(id));
    }

    @Override
    public Optional<TransactionId> findCommand(String command) {
        return reading(() -> reads.command(command));
    }

    @Override
    public AppendResult append(Append append) {
        requireOpen();
        requireWritable("nothing was written");
        return appends.append(append);
    }

    @Override
    public AppendedAll appendAll(List<Append> all) {
        requireOpen();
        requireWritable("nothing was written");
        return appends.appendAll(all);
    }

    @Override
    public FeedPage readFeed(FeedCursor after, EventFilter filter, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a page has room for at least 1 entry, not " + limit);
        }
        requireOpen();
        access.look();
        return durable(reading(() -> feed.page(after, filter, Math.min(limit, MAX_PAGE))))
                .page();
    }

    @Override
    public FeedCursor feedEnd() {
        requireOpen();
        access.look();
        return durable(reading(feed::end)).page().next();
    }

    @Override
    public CanonicalReads canonicalReads() {
        return canonicalReads;
    }

    /** {@link FileCanonicalReads#ahead}. */
    CanonicalReads canonicalReadsAhead(Executor reader) {
        return canonicalReads.ahead(reader);
    }

    /** Rule P4: a number leaves the store when the index is durable up to it. */
    private Feed.Page durable(Feed.Page page) {
        if (!page.durable()) {
            access.writing(() -> {
                writes.makeDurable();
                return true;
            });
        }
        return page;
    }

    @Override
    public RefreshReport refresh() {
        requireOpen();
        return access.refresh();
    }

    @Override
    public Subscription subscribe(
            String name, EventFilter filter, SubscriptionOptions options, SubscriptionHandler handler) {
        requireOpen();
        requireWritable("a subscription has to be remembered");
        return subscriptions.subscribe(name, filter, options, handler);
    }

    @Override
    public Watch onChange(Runnable listener) {
        requireOpen();
        return subscriptions.onChange(listener);
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
    public ReconcileReport reconcile(Resolver resolver, ReconcileOptions options) {
        requireOpen();
        if (!options.dryRun()) {
            requireWritable("nothing was written");
        }
        access.look();
        requireCheckedOut();
        try {
            ReconcileReport report = Reconciliation.run(merges, resolver, options);
            observer.reconciled(report);
            return report;
        } finally {
            access.tellObserver(); // of the looks before each unit was written
        }
    }

    /** Rule L3: what is not here would look as if it had never been, and its forks with it. */
    private void requireCheckedOut() {
        if (git.isInGit() && !opened.readOnly()) {
            access.writing(() -> {
                if (git.requireCheckedOut()) {
                    access.takeInIfChanged();
                }
                return true;
            });
        }
    }

    @Override
    public List<StaleRead> staleReads() {
        return reading(staleReads::all);
    }

    @Override
    public Digest digest() {
        return reading(reads::digest);
    }

    @Override
    public StoreStatus status() {
        requireOpen();
        access.look();
        StoreStatus status = reading(statusReport::status)
                .with(reading(surroundings::findings))
                .with(access.notices());
        return git.isInGit() && !opened.readOnly() ? access.writing(() -> git.complete(status)) : status;
    }

    /** What was odd about the local directory and index since this store was opened; part of {@link #status()}. */
    public List<Finding> notices() {
        return access.notices();
    }

    /**
     * Builds the index anew from the event files, beside the live one, which readers and writers go on with until they
     * are switched over. Positions, flags and retractions are carried over, so cursors stay good. If it is interrupted,
     * the next call goes on where it was.
     *
     * @param progress hears of it now and then, on this thread
     * @throws StoreUnusableException it can't be built; the live index is as it was
     */
    public ReindexResult reindex(ProgressListener progress) {
        return reindex(true, progress);
    }

    /**
     * Builds the index anew and carries nothing over: a new epoch, so every cursor is stale. For an index that is wrong
     * in what only it knows.
     *
     * @see #reindex(ProgressListener)
     */
    public ReindexResult reindexFromScratch(ProgressListener progress) {
        return reindex(false, progress);
    }

    private ReindexResult reindex(boolean carries, ProgressListener progress) {
        requireOpen();
        if (opened.throwaway()) {
            requireWritable("there is no index that lasts");
        }
        return new Reindexing(opened, index, writes, ghosts, access).run(carries, progress);
    }

    /**
     * Reads every byte of the event files and holds the index against it; changes nothing. Finds what was edited in
     * place, which {@link #refresh()} does not look for. The findings of {@link #status()} are not repeated.
     *
     * @param progress hears of the files done, on this thread
     * @return what is wrong, at most 1,000
     */
    public List<Finding> verify(ProgressListener progress) {
        refresh();
        return reading(() -> verification.run(progress));
    }

    /**
     * Brings back the event files that were written here and are gone without any commit holding them: after
     * {@code git clean}, a {@code git reset --hard} of staged files, a dropped stash, or a slip (rule L2). Each comes back
     * under its own path, or beside what stands there; nothing is replaced. Outside git there is nothing to bring back.
     *
     * @throws StoreUnusableException what git holds can't be read, or the files can't be written; what came back until
     *     then stays. Or the store was opened read-only
     */
    public RestoreReport restore() {
        requireOpen();
        requireWritable("nothing was written");
        return access.writing(() -> {
            access.takeIn();
            RestoreReport report = git.restore();
            access.takeIn();
            return report;
        });
    }

    /** Lets something be done to the files of the store, under its lock; looks at them before and after. */
    <T> T changingFiles(IndexAccess.Work<T> work) {
        requireOpen();
        requireWritable("nothing was written");
        T done = access.writing(() -> {
            access.takeIn();
            T result = work.run();
            access.takeIn();
            return result;
        });
        access.tellObserver();
        return done;
    }

    /** What the store holds open, for what else is done in its directory. */
    Opened opened() {
        requireOpen();
        return opened;
    }

    /** Those of the transactions that are not visible. */
    Set<TransactionId> notVisible(Collection<TransactionId> transactions) {
        return reading(() -> reads.notVisible(transactions));
    }

    /** How often to look for what other processes append and git brings. */
    Duration poll() {
        return poll;
    }

    IndexAccess access() {
        return access;
    }

    IndexWrites writes() {
        return writes;
    }

    StoreInGit inGit() {
        return git;
    }

    /** Something became visible or went: whoever waits for that is told by another thread. */
    private void changed() {
        subscriptions.changed();
    }

    private <T> T reading(IndexAccess.Work<T> work) {
        requireOpen();
        return access.reading(work);
    }

    private void appendUnderLock(List<StoreThread.Waiting<Append, AppendResult>> group) {
        appends.underLock(group);
    }

    void requireWritable(String because) {
        if (opened.readOnly()) {
            throw new StoreUnusableException(
                    "The store was opened read-only; " + because + ".",
                    layout.root().toString(),
                    "open it for writing",
                    null);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        subscriptions.close(); // what is being told may still use the store
        closed = true;
        thread.close();
        Uninterrupted.call(() -> {
            closeUninterrupted();
            return true;
        });
    }

    private void closeUninterrupted() {
        try (opened) {
            opened.lock().acquire();
            try {
                saveSequence();
            } finally {
                opened.lock().release();
            }
        } catch (IOException | IndexException e) {
            throw unusable(layout, e);
        }
    }

    /** What was done is done: a full disk at the end is no reason to tell whoever closes that anything failed. */
    private void saveSequence() {
        try {
            opened.saveSequence(writes.replicaSequence());
        } catch (IOException | IndexException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the count of transactions written here could not be saved outside the index: " + layout.replica(),
                    e);
        }
    }

    static StoreUnusableException unusable(StoreLayout layout, Exception cause) {
        if (cause instanceof IndexException refused && refused.isFull()) {
            return new StoreUnusableException(
                    "The disk is full, and the index in .evstore can't grow; nothing in events is lost.",
                    layout.root() + " (" + cause.getMessage() + ")",
                    "make room there and try again",
                    cause);
        }
        return new StoreUnusableException(
                "The store can't be used.",
                layout.root() + " (" + cause.getMessage() + ")",
                "look at the permissions and the free space there; the index in .evstore can be removed and is built"
                        + " again from the event files",
                cause);
    }
}
