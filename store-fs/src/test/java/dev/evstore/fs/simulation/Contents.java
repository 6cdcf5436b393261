package dev.evstore.fs.simulation;

import dev.evstore.core.format.EventFileReader;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.TransactionId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The valid transactions in event files, each file read once. Of one walk; not thread-safe. */
final class Contents {

    private final Map<ByteBuffer, List<Transaction>> known = new HashMap<>();

    List<Transaction> of(byte[] file) throws IOException {
        ByteBuffer key = ByteBuffer.wrap(file);
        List<Transaction> found = known.get(key);
        if (found == null) {
            found = read(file);
            known.put(key, found);
        }
        return found;
    }

    List<TransactionHeader> headers(Collection<byte[]> files) throws IOException {
        List<TransactionHeader> headers = new ArrayList<>();
        for (byte[] file : files) {
            of(file).forEach(transaction -> headers.add(transaction.header()));
        }
        return headers;
    }

    Set<TransactionId> ids(Collection<byte[]> files) throws IOException {
        Set<TransactionId> ids = new HashSet<>();
        headers(files).forEach(header -> ids.add(header.id()));
        return ids;
    }

    /** Whether there is nothing in it but valid transactions. */
    boolean isWhole(byte[] file) throws IOException {
        return of(file).stream()
                        .mapToInt(transaction -> transaction.bytes().length)
                        .sum()
                == file.length;
    }

    private static List<Transaction> read(byte[] file) throws IOException {
        List<Transaction> found = new ArrayList<>();
        EventFileReader.read(new ByteArrayInputStream(file), new EventFileReader.Sink() {
            @Override
            public void transaction(Transaction transaction, long offset) {
                found.add(transaction);
            }

            @Override
            public void flaw(String what, long line) {
                // a torn file: what is whole in it counts
            }
        });
        return found;
    }
}
