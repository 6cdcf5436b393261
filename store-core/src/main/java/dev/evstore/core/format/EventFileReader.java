package dev.evstore.core.format;

import dev.evstore.core.id.TransactionId;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads an event file: valid transactions one by one, and what is wrong with the rest (rule V2).
 *
 * <p>One pass: a transaction that fails has only event lines between its header and the line it fails at, and no
 * header begins like an event line, so the next header is never behind the failure.
 */
public final class EventFileReader {

    /** What a flaw says of a file into which git has written both sides of a conflict. */
    public static final String CONFLICT_MARKERS =
            "git conflict markers: a merge was left unresolved in an event file, so transactions may be torn";

    private EventFileReader() {}

    /** What is told of a file, in the order it stands there. */
    public interface Sink {

        /**
         * @param offset of the transaction's first byte in the file
         */
        void transaction(Transaction transaction, long offset);

        /**
         * @param what what is wrong, in a sentence
         * @param line the line it is about, from 1
         */
        void flaw(String what, long line);
    }

    /**
     * Reads to the end. Holds at most one transaction in memory, and of one that is too large only its limit.
     *
     * @throws IOException only if {@code in} does
     */
    public static void read(InputStream in, Sink sink) throws IOException {
        readCounting(in, sink);
    }

    /** As {@link #read}; returns how many bytes of lines were looked into, each line as often as it was. */
    static long readCounting(InputStream in, Sink sink) throws IOException {
        Reading reading = new Reading(new LineWindow(in), sink);
        reading.run();
        return reading.decoder.parsed();
    }

    private static final class Reading {

        private final LineWindow window;
        private final Sink sink;
        private final Strangeness strangeness = new Strangeness();
        private final TransactionDecoder decoder = new TransactionDecoder();
        private @Nullable TransactionId greatest;

        Reading(LineWindow window, Sink sink) {
            this.window = window;
            this.sink = sink;
        }

        void run() throws IOException {
            if (!window.begin()) {
                sink.flaw("an empty file", 1);
            }
            while (window.begin()) {
                try {
                    if (!window.startsWith(Wire.HEADER)) {
                        throw new Flaw("a line outside a transaction");
                    }
                    transaction();
                } catch (Flaw flaw) {
                    tell(flaw);
                    skipToHeader();
                }
            }
        }

        private void transaction() throws IOException, Flaw {
            window.mark();
            if (!window.complete(Limits.MERGE_HEADER_LINE)) {
                throw new Flaw("header, bytes: at most " + Limits.MERGE_HEADER_LINE);
            }
            long line = window.line();
            TransactionDecoder.Open open = decoder.open(window.bytes(), window.from(), window.to());
            for (int ordinal = 0; ordinal < open.events(); ordinal++) {
                completeNext("event " + ordinal);
                open.event(window.bytes(), window.marked(), window.from(), window.to());
            }
            completeNext("the trailer");
            Transaction transaction = open.close(window.bytes(), window.marked(), window.from(), window.to());
            long offset = window.markedOffset();
            window.unmark();
            checkPlace(transaction.header().id(), line);
            sink.transaction(transaction, offset);
            if (!window.hadLineEnd()) {
                sink.flaw("no line end after the last line; the transaction before it counts", window.line());
            }
        }

        /** Takes the next line of a transaction, within what its limits leave. */
        private void completeNext(String what) throws IOException, Flaw {
            if (!window.begin()) {
                throw new Flaw("the file ends where " + what + " is due");
            }
            if (window.startsWith(Wire.HEADER)) {
                throw new Flaw("another header stands where " + what + " is due");
            }
            int left = Limits.TRANSACTION - window.held() - 1;
            if (!window.complete(Math.min(left, Limits.EVENT_LINE))) {
                throw left < Limits.EVENT_LINE
                        ? new Flaw("transaction, bytes: at most " + Limits.TRANSACTION)
                        : new Flaw(what + ", bytes: at most " + Limits.EVENT_LINE);
            }
        }

        private void checkPlace(TransactionId id, long line) {
            int order = greatest == null ? 1 : id.compareTo(greatest);
            if (order > 0) {
                greatest = id;
            } else if (order == 0) {
                sink.flaw("transaction " + id + " stands twice in this file", line);
            } else {
                sink.flaw("ids do not ascend: transaction " + id + " stands after " + greatest, line);
            }
        }

        private void tell(Flaw flaw) {
            String what = strangeness.explain(window, flaw.what());
            if (what != null) {
                sink.flaw(what, window.line());
            }
        }

        private void skipToHeader() throws IOException {
            while (window.begin() && !window.startsWith(Wire.HEADER)) {
                window.discard();
            }
        }
    }
}
