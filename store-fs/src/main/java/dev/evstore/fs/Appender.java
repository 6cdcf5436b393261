package dev.evstore.fs;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.WriteFailedException;
import dev.evstore.core.append.AppendDecision;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.HybridClock;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.index.AppendTransaction;
import dev.evstore.fs.index.Index;
import dev.evstore.fs.index.IndexException;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.EventFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Appends groups: decides one after the other, publishes what is left as one file, then commits the index (A1 to A4).
 * The order makes a crash harmless: a file without its index entry is taken in by the next look (A3), and there is never
 * an index entry without its file. Called on the store's thread, with the store lock held.
 */
final class Appender {

    /** A group's file is closed at this size; with one more transaction it stays below what a reader takes. */
    private static final long GROUP_BYTES = 8L << 20;

    private static final String TRY = "look at the disk's free space and the permissions there, then append again";

    private static final String TRY_ELSE =
            "look at the disk's free space and the permissions there; the next look at the"
                    + " files takes it in, so append again only with a command";

    private final StoreLayout layout;
    private final Publisher publisher;
    private final Index index;
    private final EventFiles files;
    private final ReplicaId self;
    private final HybridClock ids;
    private final Random random;
    private boolean damage;

    Appender(
            StoreLayout layout,
            Publisher publisher,
            Index index,
            EventFiles files,
            ReplicaId self,
            HybridClock ids,
            Random random) {
        this.layout = layout;
        this.publisher = publisher;
        this.index = index;
        this.files = files;
        this.self = self;
        this.ids = ids;
        this.random = random;
    }

    /**
     * Answers every one of them.
     *
     * @return whether the index knows every file that was published; if not, the next look has to come before the next
     *     append, or that one forks
     */
    boolean append(List<StoreThread.Waiting<Append, AppendResult>> waiting) {
        boolean known = true;
        for (int done = 0; done < waiting.size(); ) {
            Group group = new Group(false);
            done += group.write(waiting.subList(done, waiting.size()));
            known &= !group.stranded;
        }
        return known;
    }

    /**
     * Answers them in order, up to the first that fails; the rest is not tried and gets no answer.
     *
     * @return as {@link #append}
     */
    boolean appendInARow(List<StoreThread.Waiting<Append, AppendResult>> waiting) {
        boolean known = true;
        boolean failed = false;
        for (int done = 0; done < waiting.size() && !failed; ) {
            Group group = new Group(true);
            done += group.write(waiting.subList(done, waiting.size()));
            known &= !group.stranded;
            failed = waiting.get(done - 1).answer().isCompletedExceptionally();
        }
        return known;
    }

    /** Whether SQLite called the index damaged since this was asked before. Who waited was told that it failed. */
    boolean foundDamage() {
        boolean found = damage;
        damage = false;
        return found;
    }

    /** What an append throws that met trouble before it wrote anything. */
    WriteFailedException nothingWritten(Exception cause) {
        damage |= isDamage(cause);
        return failed(WriteFailedException.Outcome.NOTHING_WRITTEN, cause);
    }

    private WriteFailedException failed(WriteFailedException.Outcome outcome, Exception cause) {
        String remedy = outcome == WriteFailedException.Outcome.NOTHING_WRITTEN ? TRY : TRY_ELSE;
        return new WriteFailedException(outcome, layout.root() + " (" + cause.getMessage() + ")", remedy, cause);
    }

    private static boolean isDamage(Exception cause) {
        return cause instanceof IndexException trouble && trouble.isCorrupt();
    }

    /** What shares one file and one database transaction. */
    private final class Group {

        private record Decided(StoreThread.Waiting<Append, AppendResult> waiting, AppendResult result) {}

        private final List<Decided> decided = new ArrayList<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private @Nullable TransactionId first;
        private boolean published;
        private boolean stranded;
        private int taken;
        /** Whether nothing may follow an append that fails, and the file is a pack from the start. */
        private final boolean inARow;

        private boolean refused;

        Group(boolean inARow) {
            this.inARow = inARow;
        }

        /** Writes as many as one file takes; tells how many that is. */
        int write(List<StoreThread.Waiting<Append, AppendResult>> waiting) {
            try {
                AppendTransaction.run(index, files, self, transaction -> {
                    while (taken < waiting.size()
                            && taken < StoreThread.GROUP
                            && transaction.size() < GROUP_BYTES
                            && !(inARow && refused)) {
                        decide(waiting.get(taken++), transaction);
                    }
                    if (first != null) {
                        publish(first, transaction);
                    } else if (!decided.isEmpty()) {
                        publisher.syncEarlier(transaction); // what was applied already may be what nobody synced
                    }
                });
                decided.forEach(one -> one.waiting().answer().complete(one.result()));
            } catch (IOException | IndexException e) {
                damage |= isDamage(e);
                stranded = published;
                WriteFailedException failed = failed(e);
                waiting.subList(0, Math.max(taken, 1))
                        .forEach(one -> one.answer().completeExceptionally(failed));
            } catch (RuntimeException | Error e) {
                stranded = published;
                waiting.subList(0, Math.max(taken, 1))
                        .forEach(one -> one.answer().completeExceptionally(e));
            }
            return Math.max(taken, 1);
        }

        private WriteFailedException failed(Exception cause) {
            return published
                    ? Appender.this.failed(WriteFailedException.Outcome.WRITTEN_NOT_ACKNOWLEDGED, cause)
                    : nothingWritten(cause);
        }

        private void decide(StoreThread.Waiting<Append, AppendResult> one, AppendTransaction transaction) {
            AppendDecision decision;
            try {
                decision = AppendDecision.decide(
                        one.append(), transaction.view(), ids, random, self, transaction.nextSequence());
            } catch (IndexException e) {
                throw e;
            } catch (UncheckedIOException e) {
                refused = true;
                one.answer().completeExceptionally(failed(e)); // what its command stands for can't be read
                return;
            } catch (RuntimeException e) {
                refused = true;
                one.answer().completeExceptionally(e); // a conflict or a mistake of this caller alone
                return;
            }
            if (decision instanceof AppendDecision.Publish publish) {
                Transaction stamped = publish.transaction();
                transaction.add(stamped);
                bytes.writeBytes(stamped.bytes());
                first = first == null ? stamped.header().id() : first;
                decided.add(
                        new Decided(one, result(one.append(), stamped.header().id(), transaction, false)));
            } else if (decision instanceof AppendDecision.AlreadyApplied known) {
                decided.add(new Decided(one, result(one.append(), known.first(), transaction, true)));
            }
        }

        private AppendResult result(Append append, TransactionId id, AppendTransaction transaction, boolean known) {
            SortedMap<StreamId, StreamState> states = new TreeMap<>();
            append.expectations()
                    .keySet()
                    .forEach(stream -> states.put(stream, transaction.view().state(stream)));
            return new AppendResult(id, states, known);
        }

        private void publish(TransactionId named, AppendTransaction transaction) throws IOException {
            byte[] file = bytes.toByteArray();
            String name =
                    inARow && decided.size() > 1 ? StoreLayout.packName(named, file) : StoreLayout.looseName(named);
            // Only chance could give the first name away twice.
            publisher.publish(file, name, StoreLayout.mergeName(named, self), transaction, () -> published = true);
        }
    }
}
