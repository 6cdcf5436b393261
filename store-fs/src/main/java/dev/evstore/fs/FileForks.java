package dev.evstore.fs;

import dev.evstore.core.append.StoreView;
import dev.evstore.core.event.Origin;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.HybridClock;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.merge.ForkSource;
import dev.evstore.fs.index.ForkLooks;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The forks of a store on files: looks run on the caller's thread, what is written on the store's. Thread-safe. */
final class FileForks implements ForkSource {

    private final ForkLooks looks;
    private final MergeWriter writer;
    private final IndexAccess access;
    private final StoreInGit git;
    private final HybridClock ids;
    private final Runnable changed;

    /**
     * @param changed is called when a merge was written; it must not wait
     */
    FileForks(
            ForkLooks looks,
            MergeWriter writer,
            IndexAccess access,
            StoreInGit git,
            HybridClock ids,
            Runnable changed) {
        this.looks = looks;
        this.writer = writer;
        this.access = access;
        this.git = git;
        this.ids = ids;
        this.changed = changed;
    }

    @Override
    public List<ForkUnit> forks() {
        return access.reading(looks::forks);
    }

    @Override
    public <T> T look(Function<StoreView, T> question) {
        return access.reading(() -> looks.look(question));
    }

    @Override
    public long followedUntil() {
        return ids.followedUntil();
    }

    @Override
    public Published publish(Transaction merge, Predicate<StoreView> stands) {
        Published published = access.writing(() -> {
            git.requireCheckedOut();
            access.takeInIfChanged();
            return writer.write(merge, stands, access::lookNextTime);
        });
        if (published == Published.WRITTEN) {
            changed.run();
        }
        return published;
    }

    @Override
    public @Nullable Origin origin(TransactionId transaction) {
        return access.reading(() -> looks.origin(transaction)).orElse(null);
    }

    @Override
    public List<TransactionId> supersedes(TransactionId transaction, StreamId stream) {
        return access.reading(() -> looks.supersedes(transaction, stream));
    }

    @Override
    public List<StoredEvent> events(List<EventId> ids) {
        return access.reading(() -> looks.events(ids));
    }

    @Override
    public List<Placed> stream(StreamId stream, long from, int limit) {
        return access.reading(() -> looks.stream(stream, from, limit));
    }
}
