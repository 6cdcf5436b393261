package dev.evstore.fs.git;

import dev.evstore.core.format.EventFileReader;
import dev.evstore.core.format.Limits;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;

/** Event files as git holds them. */
final class Blobs {

    private Blobs() {}

    /** What git calls these bytes. */
    static ObjectId id(byte[] bytes) {
        try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
            return formatter.idFor(Constants.OBJ_BLOB, bytes);
        }
    }

    /** Whether a reader of the store would read so large a file. */
    static boolean isReadable(ObjectReader reader, ObjectId blob) throws IOException {
        return reader.getObjectSize(blob, Constants.OBJ_BLOB) <= Limits.FILE;
    }

    /** Only for what {@linkplain #isReadable is readable}. */
    static byte[] bytes(ObjectReader reader, ObjectId blob) throws IOException {
        return reader.open(blob, Constants.OBJ_BLOB).getCachedBytes(Limits.FILE);
    }

    static Sha256 hash(ObjectReader reader, ObjectId blob) throws IOException {
        MessageDigest digest = Sha256.digest();
        reader.open(blob, Constants.OBJ_BLOB).copyTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return Sha256.of(digest.digest());
    }

    /** The ids of the valid transactions in one. */
    static SortedSet<TransactionId> transactions(ObjectReader reader, ObjectId blob) throws IOException {
        SortedSet<TransactionId> found = new TreeSet<>();
        read(reader, blob, transaction -> found.add(transaction.header().id()));
        return found;
    }

    /** The valid transactions in one, as they stand there. */
    static List<Transaction> read(ObjectReader reader, ObjectId blob) throws IOException {
        List<Transaction> found = new ArrayList<>();
        read(reader, blob, found::add);
        return found;
    }

    /** None, if no reader would read it. */
    private static void read(ObjectReader reader, ObjectId blob, Consumer<Transaction> to) throws IOException {
        if (!isReadable(reader, blob)) {
            return;
        }
        try (InputStream in = reader.open(blob, Constants.OBJ_BLOB).openStream()) {
            EventFileReader.read(in, new EventFileReader.Sink() {
                @Override
                public void transaction(Transaction transaction, long offset) {
                    to.accept(transaction);
                }

                @Override
                public void flaw(String what, long line) {
                    // Whoever reads the file tells of it; here it is about what is whole.
                }
            });
        }
    }
}
