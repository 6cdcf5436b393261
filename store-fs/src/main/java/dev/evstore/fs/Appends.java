package dev.evstore.fs;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.AppendedAll;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.WriteFailedException;
import dev.evstore.core.append.SafeObserver;
import dev.evstore.fs.index.IndexException;
import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The way of an append from the caller to the {@link Appender} on the store's thread: what is looked at before it, and
 * who is told after it. Thread-safe.
 */
final class Appends {

    private final StoreLayout layout;
    private final StoreThread<Append, AppendResult> thread;
    private final IndexAccess access;
    private final Appender appender;
    private final StoreInGit git;
    private final SafeObserver observer;
    private final Runnable changed;

    /**
     * @param changed is called when something was appended; it must not wait
     */
    Appends(
            StoreLayout layout,
            StoreThread<Append, AppendResult> thread,
            IndexAccess access,
            Appender appender,
            StoreInGit git,
            SafeObserver observer,
            Runnable changed) {
        this.layout = layout;
        this.thread = thread;
        this.access = access;
        this.appender = appender;
        this.git = git;
        this.observer = observer;
        this.changed = changed;
    }

    /** Appends, and waits for it. */
    AppendResult append(Append append) {
        AppendResult result;
        try {
            result = thread.append(append);
        } finally {
            access.tellObserver(); // of the look before it
        }
        if (!result.alreadyApplied()) {
            observer.appended(result);
            changed.run();
        }
        return result;
    }

    /** Appends in a row, up to the first that fails. */
    AppendedAll appendAll(List<Append> appends) {
        List<StoreThread.Waiting<Append, AppendResult>> row = appends.stream()
                .map(append -> new StoreThread.Waiting<>(append, new CompletableFuture<AppendResult>()))
                .toList();
        try {
            access.writing(() -> appendLooking(() -> appender.appendInARow(row)));
        } catch (WriteFailedException e) {
            return new AppendedAll(List.of(), e); // by the look before it
        } finally {
            access.tellObserver();
        }
        List<AppendResult> results = new ArrayList<>();
        RuntimeException failure = null;
        for (StoreThread.Waiting<Append, AppendResult> one : row) {
            if (!one.answer().isDone()) {
                break;
            }
            try {
                results.add(StoreThread.await(one.answer()));
            } catch (RuntimeException e) {
                failure = e; // what comes behind it failed with it, or was not tried
                break;
            }
        }
        results.stream().filter(result -> !result.alreadyApplied()).forEach(observer::appended);
        if (!results.isEmpty()) {
            changed.run();
        }
        return new AppendedAll(results, failure);
    }

    /** Answers a group of appends. On the store's thread only. */
    void underLock(List<StoreThread.Waiting<Append, AppendResult>> group) {
        try {
            access.underLock(() -> appendLooking(() -> appender.append(group)));
        } catch (RuntimeException | Error e) {
            group.forEach(waiting -> waiting.answer().completeExceptionally(e));
        }
    }

    /**
     * @throws WriteFailedException the disk's trouble, before anything was written
     * @throws StoreUnusableException event files are missing here that git has
     */
    private void lookBeforeAppending() {
        try {
            StoreFiles.requireEvents(layout); // else what is expected would be held against an empty store
            access.lookIfDue();
            if (git.requireCheckedOut()) {
                access.takeInIfChanged();
            }
        } catch (IOException | IndexException e) {
            throw appender.nothingWritten(e);
        }
    }

    /** Looks, appends, and sees to it that the next one finds the index in order. */
    private boolean appendLooking(IndexAccess.Work<Boolean> appending) throws IOException {
        try {
            lookBeforeAppending();
            if (!appending.run()) {
                access.lookNextTime();
            }
            return true;
        } finally {
            if (appender.foundDamage()) {
                access.mendLive();
            }
        }
    }
}
