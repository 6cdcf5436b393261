package dev.evstore.fs;

import dev.evstore.core.ProgressListener;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.fs.disk.StoreLock;
import dev.evstore.fs.index.Index;
import dev.evstore.fs.index.IndexException;
import dev.evstore.fs.index.IndexWrites;
import dev.evstore.fs.index.Rebuild;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.Ghosts;
import java.io.IOException;

/** Builds an index beside the live one, one process at a time, and switches over to it. */
final class Reindexing {

    private final Opened opened;
    private final StoreLayout layout;
    private final Index index;
    private final IndexWrites writes;
    private final Ghosts ghosts;
    private final IndexAccess access;

    Reindexing(Opened opened, Index index, IndexWrites writes, Ghosts ghosts, IndexAccess access) {
        this.opened = opened;
        this.layout = opened.layout();
        this.index = index;
        this.writes = writes;
        this.ghosts = ghosts;
        this.access = access;
    }

    /**
     * @param carries whether positions are carried over; if not, the new index has a new epoch
     */
    ReindexResult run(boolean carries, ProgressListener progress) {
        try (StoreLock one = StoreLock.open(layout.reindexLock())) {
            one.acquire();
            if (carries) {
                lookBeforeReindexing(one);
            }
            try (Rebuild rebuild = Rebuild.begin(
                    index, layout, opened.git(), ghosts, opened.replica().id(), carries)) {
                rebuild.prepare(progress);
                Rebuild.Result result = access.writing(rebuild::finish);
                if (!carries) {
                    access.writing(() -> {
                        writes.recountOwn();
                        return true;
                    });
                }
                return new ReindexResult(result.transactions(), result.digest(), result.repaired());
            } finally {
                one.release();
            }
        } catch (IOException | IndexException | StoreUnusableException e) {
            Exception cause =
                    e instanceof StoreUnusableException && e.getCause() instanceof Exception first ? first : e;
            throw new StoreUnusableException(
                    "The index could not be built anew; the live one is as it was.",
                    layout.root() + " (" + cause.getMessage() + ")",
                    "look at the free space there: for a while a second index needs as much as the first; then reindex"
                            + " again",
                    cause);
        }
    }

    /** What git has taken away for a while is kept by the live index, and carried over from there. */
    private void lookBeforeReindexing(StoreLock held) throws IOException {
        try {
            access.look();
        } catch (RuntimeException e) {
            held.release();
            throw e;
        }
    }
}
