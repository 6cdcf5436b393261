package dev.evstore.fs;

import dev.evstore.core.format.EventFileReader;
import dev.evstore.core.format.Limits;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An event file that git's HEAD does not have. Immutable.
 *
 * @param directory relative to {@code events/}; empty for that itself
 * @param transactions what is in it, ascending
 * @param staged whether git's index has something under its name
 */
record NewFile(String directory, String name, List<Content> transactions, long size, boolean staged) {

    private static final Pattern MONTH = Pattern.compile("[0-9]{4}-[0-9]{2}");
    private static final Pattern LOOSE = Pattern.compile("[0-9a-f-]{36}(\\.[0-9a-f]{8})?\\.jsonl");
    private static final Pattern PACK = Pattern.compile("pack-[0-9a-f-]{36}-[0-9a-f]{16}\\.jsonl");

    NewFile {
        transactions = List.copyOf(transactions);
    }

    /**
     * A transaction in it.
     *
     * @param redacted the ordinals that are redacted here
     */
    record Content(TransactionId id, Sha256 trailer, Set<Integer> redacted, Set<TransactionId> parents, int events) {

        Content {
            redacted = Set.copyOf(redacted);
            parents = Set.copyOf(parents);
        }

        static Content of(Transaction transaction) {
            return new Content(
                    transaction.header().id(),
                    transaction.header().trailer(),
                    transaction.header().redacted(),
                    transaction.header().parents().keySet(),
                    transaction.header().events().size());
        }

        /** Whether the other has the same bytes. */
        boolean isSameAs(Content other) {
            return id.equals(other.id) && isSameAs(other.trailer, other.redacted);
        }

        boolean isSameAs(Sha256 otherTrailer, Set<Integer> otherRedacted) {
            return trailer.equals(otherTrailer) && redacted.equals(otherRedacted);
        }
    }

    /** Reads one; null if not every line of it is of a valid transaction, or it has gone. */
    static @Nullable NewFile read(EventFiles files, String directory, String name, boolean staged) {
        List<Content> found = new ArrayList<>();
        long[] size = new long[1];
        boolean sound = read(files, directory, name, transaction -> {
            found.add(Content.of(transaction));
            size[0] += transaction.bytes().length;
        });
        return sound && !found.isEmpty() && size[0] <= Limits.FILE
                ? new NewFile(directory, name, found, size[0], staged)
                : null;
    }

    interface Each {
        void transaction(Transaction transaction);
    }

    /** Reads the transactions; tells whether there was nothing else. */
    static boolean read(EventFiles files, String directory, String name, Each each) {
        boolean[] sound = {true};
        try {
            files.read(directory, name, new EventFileReader.Sink() {
                @Override
                public void transaction(Transaction transaction, long offset) {
                    each.transaction(transaction);
                }

                @Override
                public void flaw(String what, long line) {
                    sound[0] = false;
                }
            });
        } catch (IOException e) {
            return false; // gone, or unreadable: the next look makes a finding of it
        }
        return sound[0];
    }

    /** Relative to {@code events/}. */
    String path() {
        return directory.isEmpty() ? name : directory + "/" + name;
    }

    TransactionId first() {
        return transactions.get(0).id();
    }

    /** Whether it stands where evstore puts its files, under a name that evstore gives. */
    boolean isNamedByUs() {
        return isLoose(directory, name) || (MONTH.matcher(directory).matches() && isPack());
    }

    /** Whether evstore would give this name, in this place, to a file that is no pack. */
    static boolean isLoose(String directory, String name) {
        return MONTH.matcher(directory).matches() && LOOSE.matcher(name).matches();
    }

    boolean isPack() {
        return isPack(name);
    }

    static boolean isPack(String name) {
        return PACK.matcher(name).matches();
    }
}
