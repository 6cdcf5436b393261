package dev.evstore.fs;

import dev.evstore.core.Finding;
import dev.evstore.core.RefreshReport;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.append.SafeObserver;
import dev.evstore.fs.index.Index;
import dev.evstore.fs.index.IndexException;
import dev.evstore.fs.index.IndexWrites;
import dev.evstore.fs.index.PayloadGoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * How the store gets at its index: reading on the caller's thread, writing on the store's own under the lock, looking at
 * the files before, and mending an index that SQLite calls damaged. Thread-safe.
 */
final class IndexAccess {

    /** An append looks at the files when the last look is older than this; what it misses in between merely forks. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** And no more often than takes this part of its time, however many files there are. */
    private static final int LOOK_SHARE = 20;

    private final Opened opened;
    private final Index index;
    private final IndexWrites writes;
    private final StoreThread<?, ?> thread;
    private final SafeObserver observer;
    private final Runnable changed;
    private final List<Finding> notices;
    /** Looks whose finds the observer has not been told yet: whoever is the next to hold no lock tells it. */
    private final Queue<RefreshReport> untold = new ConcurrentLinkedQueue<>();
    /** Of the store's thread alone. */
    private long nextLook = System.nanoTime();

    /**
     * @param changed is called when a look found something; it must not wait
     */
    IndexAccess(Opened opened, IndexWrites writes, StoreThread<?, ?> thread, SafeObserver observer, Runnable changed) {
        this.opened = opened;
        this.index = opened.index();
        this.writes = writes;
        this.thread = thread;
        this.observer = observer;
        this.changed = changed;
        this.notices = new CopyOnWriteArrayList<>(opened.notices());
    }

    /** What is done with the index. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** What was odd about the local directory and the index since the store was opened. */
    List<Finding> notices() {
        return List.copyOf(notices);
    }

    /** Removes what killed processes left, makes an index if there is none, and looks at the files. */
    void bringUpToDate() {
        writing(() -> {
            opened.removeLeftovers();
            String live = index.liveName();
            Index.Found found = index.ensure(opened.replica().sequence());
            if (found == Index.Found.READY) {
                writes.doubtUnsynced();
                return writes.isQuiet() ? RefreshReport.NOTHING : takeIn();
            }
            if (found == Index.Found.UNUSABLE) {
                notices.add(rebuilt(live));
            }
            RefreshReport report = tellLater(writes.fill(observer::rebuilding));
            writes.recountOwn();
            return report;
        });
        tellObserver();
    }

    /** Reads; if a file is gone from under a page, looks at the files once and reads again. */
    <T> T reading(Work<T> work) {
        try {
            return mended(() -> {
                try {
                    return work.run();
                } catch (PayloadGoneException e) {
                    refresh();
                    return work.run();
                }
            });
        } catch (PayloadGoneException e) {
            throw new StoreUnusableException(
                    "An event file changed after it was taken in, so an event can't be read.",
                    e.getMessage() + " in " + opened.layout().root(),
                    "bring the file back as it was (git checkout -- FILE), or wait until git is done",
                    e);
        } catch (IOException | IndexException e) {
            throw unusable(e);
        }
    }

    private StoreUnusableException unusable(Exception cause) {
        if (Files.isDirectory(opened.layout().local())) {
            return FileEventStore.unusable(opened.layout(), cause);
        }
        return new StoreUnusableException(
                "The store's local directory was removed while the store was open; nothing in events is lost.",
                opened.layout().home().toString(),
                "open the store again (start again): it is made anew, with a new index",
                cause);
    }

    /** Uses the index; if SQLite calls it damaged, leaves it aside, builds another and uses that. */
    private <T> T mended(Work<T> work) throws IOException {
        String used = index.liveName();
        try {
            return work.run();
        } catch (IndexException e) {
            if (!e.isCorrupt() || Thread.currentThread() == thread.thread()) {
                throw e;
            }
            writing(() -> mend(used));
            return work.run();
        }
    }

    /** Works on the store's thread, under its lock, and waits for it. */
    <T> T writing(Work<T> work) {
        return thread.call(() -> underLock(work));
    }

    /** Works under the store's lock. On the store's thread only. */
    <T> T underLock(Work<T> work) {
        try {
            opened.lock().acquire();
            try {
                String used = index.liveName();
                try {
                    return work.run();
                } catch (IndexException e) {
                    if (!e.isCorrupt()) {
                        throw e;
                    }
                    mend(used);
                    return work.run();
                }
            } finally {
                opened.lock().release();
            }
        } catch (IOException | IndexException e) {
            throw unusable(e);
        }
    }

    /** Under the lock. Whoever finds the same index damaged a moment later finds it mended. */
    private boolean mend(String damaged) throws IOException {
        if (damaged.equals(index.liveName())) {
            index.build(opened.replica().sequence());
            takeIn();
            writes.recountOwn();
            notices.add(rebuilt(damaged));
        }
        return true;
    }

    /** Mends the live index, which an append found damaged. Under the lock. */
    void mendLive() throws IOException {
        mend(index.liveName());
    }

    private Finding rebuilt(String damaged) {
        return new Finding(
                Finding.Code.INDEX_REBUILT,
                "The local index could not be used; it was left aside and built again. Cursors from before are stale.",
                opened.layout().local().resolve(damaged).toString(),
                "rebuild what was derived from the feed; nothing in events is lost");
    }

    /** Takes in what changed, if anything did; where nothing did, no lock is taken. */
    void look() {
        if (!reading(writes::isQuiet)) {
            refresh();
        }
    }

    /** Looks at the files and takes in what came and went. */
    RefreshReport refresh() {
        RefreshReport report = writing(this::takeIn);
        tellObserver();
        return report;
    }

    /** A look under the lock; who waits for changes is told when the lock is free again. */
    RefreshReport takeIn() throws IOException {
        return tellLater(writes.refresh());
    }

    /** A look under the lock, if the last one is long enough ago. */
    void lookIfDue() throws IOException {
        long start = System.nanoTime();
        if (start - nextLook >= 0) {
            takeInIfChanged();
            long took = System.nanoTime() - start;
            nextLook = start + Math.max(LOOK_NANOS, LOOK_SHARE * took);
        }
    }

    void takeInIfChanged() throws IOException {
        if (!writes.isQuiet()) {
            takeIn();
        }
    }

    /** The next append looks in any case: there is a file that the index does not know. */
    void lookNextTime() {
        nextLook = System.nanoTime();
    }

    private RefreshReport tellLater(RefreshReport report) {
        if (!report.equals(RefreshReport.NOTHING)) {
            untold.add(report);
            changed.run();
        }
        return report;
    }

    /** Tells what looks found that were taken while the lock was held. The caller does not hold it. */
    void tellObserver() {
        for (RefreshReport report = untold.poll(); report != null; report = untold.poll()) {
            observer.refreshed(report);
        }
    }
}
