package dev.evstore.core.format;

import java.io.IOException;
import java.io.InputStream;

/** Reads an event file: valid transactions one by one, and what is wrong with the rest. */
public final class EventFileReader {

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
        throw new UnsupportedOperationException();
    }
}
