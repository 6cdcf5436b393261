package dev.evstore.fs.git;

import dev.evstore.core.format.EventFileReader;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.layout.StoreLayout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one event file that git stopped on (rule G5): each side's version stays, whole and byte for byte, the
 * first under the file's own name, the others beside it. What both sides removed stays removed. Decides only; immutable.
 *
 * @param files what is to stand there, by path from the repository's root, the file's own first
 * @param transactions what the versions hold
 */
record Union(Map<String, byte[]> files, Set<TransactionId> transactions) {

    private static final List<String> MARKERS = List.of("<<<<<<< ", "||||||| ", "=======", ">>>>>>> ");

    /**
     * Decides.
     *
     * @param path where git has it
     * @param versions of the two sides, one or two or equal; none where both removed it
     * @param found what stands in the working tree: a version, a mixture of git's, or something else; null for nothing
     * @return null if something stands there that nobody else holds and that is no whole transaction: a person is needed
     */
    static @Nullable Union of(String path, List<byte[]> versions, byte @Nullable [] found) throws IOException {
        Map<String, byte[]> distinct = new LinkedHashMap<>();
        Set<TransactionId> transactions = new TreeSet<>();
        for (byte[] version : versions) {
            distinct.putIfAbsent(Sha256.hash(version).toString(), version);
            transactions(version).forEach(one -> transactions.add(one.header().id()));
        }
        if (found != null && !distinct.containsKey(Sha256.hash(found).toString())) {
            ByteArrayOutputStream more = new ByteArrayOutputStream();
            transactions(found).stream()
                    .filter(one -> transactions.add(one.header().id()))
                    .sorted(Comparator.comparing(one -> one.header().id()))
                    .forEach(one -> more.writeBytes(one.bytes()));
            if (more.size() > 0) {
                distinct.put(Sha256.hash(more.toByteArray()).toString(), more.toByteArray());
            }
            if (!holdsEveryLine(distinct.values(), found)) {
                return null;
            }
        }
        Map<String, byte[]> files = new LinkedHashMap<>();
        distinct.values()
                .forEach(bytes ->
                        files.put(files.isEmpty() ? path : StoreLayout.besides(path, Sha256.hash(bytes)), bytes));
        return new Union(files, transactions);
    }

    /** Whether nothing but git's markers would go with it. */
    private static boolean holdsEveryLine(Iterable<byte[]> versions, byte[] found) {
        Set<String> lines = new HashSet<>();
        versions.forEach(version -> lines.addAll(lines(version)));
        return lines(found).stream().allMatch(line -> line.isEmpty() || isMarker(line) || lines.contains(line));
    }

    /** Whether git has written both sides into it, with its markers. */
    static boolean isMarked(byte[] bytes) {
        return lines(bytes).stream().anyMatch(Union::isMarker);
    }

    private static boolean isMarker(String line) {
        return MARKERS.stream().anyMatch(line::startsWith);
    }

    private static List<String> lines(byte[] bytes) {
        return Arrays.asList(new String(bytes, StandardCharsets.ISO_8859_1).split("\r?\n", -1));
    }

    /** The valid transactions of a file. */
    static List<Transaction> transactions(byte[] bytes) throws IOException {
        List<Transaction> found = new ArrayList<>();
        EventFileReader.read(new ByteArrayInputStream(bytes), new EventFileReader.Sink() {
            @Override
            public void transaction(Transaction transaction, long offset) {
                found.add(transaction);
            }

            @Override
            public void flaw(String what, long line) {
                // Whole files are kept whole, flaws and all; of others the valid part is asked for.
            }
        });
        return found;
    }
}
