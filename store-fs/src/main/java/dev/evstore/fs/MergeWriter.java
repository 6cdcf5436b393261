package dev.evstore.fs;

import dev.evstore.core.WriteFailedException;
import dev.evstore.core.append.StoreView;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.merge.ForkSource.Published;
import dev.evstore.fs.index.AppendTransaction;
import dev.evstore.fs.index.Index;
import dev.evstore.fs.index.IndexException;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.util.function.Predicate;

/**
 * Writes a merge transaction as a group of appends is written: index, file, commit (A1 to A3). Its file is its own, named
 * after the writer too, so that two who write the same transaction never collide on a path (M4). Called on the store's
 * thread, with the store lock held.
 */
final class MergeWriter {

    private final StoreLayout layout;
    private final Publisher publisher;
    private final Index index;
    private final EventFiles files;
    private final ReplicaId self;

    MergeWriter(StoreLayout layout, Publisher publisher, Index index, EventFiles files, ReplicaId self) {
        this.layout = layout;
        this.publisher = publisher;
        this.index = index;
        this.files = files;
        this.self = self;
    }

    /** A write on its way. */
    private final class Writing {
        private boolean published;
        private Published result = Published.MOVED;

        void run(AppendTransaction transaction, Transaction merge, Predicate<StoreView> stands) throws IOException {
            TransactionId id = merge.header().id();
            if (transaction.isVisible(id)) {
                publisher.syncEarlier(transaction);
                result = Published.THERE;
            } else if (stands.test(transaction.view())) {
                transaction.add(merge);
                String name = StoreLayout.mergeName(id, self);
                Sha256 hash = Sha256.hash(merge.bytes());
                publisher.publish(
                        merge.bytes(), name, StoreLayout.besides(name, hash), transaction, () -> published = true);
                result = Published.WRITTEN;
            }
        }
    }

    /**
     * Writes it if the store still stands as it has to.
     *
     * @param stranded is run if the file is there and the index does not know it
     * @throws WriteFailedException disk trouble; it tells whether anything was written
     */
    Published write(Transaction merge, Predicate<StoreView> stands, Runnable stranded) throws IOException {
        Writing writing = new Writing();
        try {
            AppendTransaction.run(index, files, self, transaction -> writing.run(transaction, merge, stands));
            return writing.result;
        } catch (IOException | IndexException e) {
            if (!writing.published && e instanceof IndexException trouble && trouble.isCorrupt()) {
                throw trouble; // the index is mended, and this is done again
            }
            if (writing.published) {
                stranded.run();
            }
            throw new WriteFailedException(
                    writing.published
                            ? WriteFailedException.Outcome.WRITTEN_NOT_ACKNOWLEDGED
                            : WriteFailedException.Outcome.NOTHING_WRITTEN,
                    layout.root() + " (" + e.getMessage() + ")",
                    "look at the disk's free space and the permissions there, then reconcile again",
                    e);
        } catch (RuntimeException | Error e) {
            if (writing.published) {
                stranded.run();
            }
            throw e;
        }
    }
}
