package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.History;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.Headers;
import dev.evstore.testkit.Histories;
import dev.evstore.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/** Streams of any shape with a reader at every moment: what the index finds stale is what the definition says (F6). */
@Tag("stores")
class StaleReadsProperties {

    private static final StreamId READ = Histories.streams().get(0);

    @Provide
    Arbitrary<List<TransactionHeader>> tangles() {
        return Histories.tangles();
    }

    @Provide
    Arbitrary<List<Integer>> takenAway() {
        return Arbitraries.integers().between(0, 24).list().ofMaxSize(4);
    }

    @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
    void staleReadsAreThoseOfTheDefinitionWhateverTheShapeAndWhateverIsGone(
            @ForAll("tangles") List<TransactionHeader> writers, @ForAll("takenAway") List<Integer> takenAway)
            throws IOException {
        List<TransactionHeader> all = new ArrayList<>(writers);
        for (int k = 0; k < writers.size(); k++) {
            all.add(reader(k, heads(writers.subList(0, k + 1))));
        }
        all.sort(Comparator.comparing(TransactionHeader::id));
        List<Transaction> encoded = EncodedHistory.of(all);
        Path directory = Files.createTempDirectory("evstore-stale");
        StoreOptions options = StoreOptions.defaults().clock(new ManualClock()).random(new Random(5));
        try (EventFilesByHand hand = new EventFilesByHand(directory, options)) {
            hand.arrive(encoded);
            check(hand, encoded);
            List<Transaction> left = new ArrayList<>(encoded);
            for (int which : takenAway) {
                if (!left.isEmpty()) {
                    TransactionId gone =
                            left.remove(which % left.size()).header().id();
                    hand.retract(List.of(gone));
                    check(hand, left);
                }
            }
        } finally {
            deleteAll(directory);
        }
    }

    /** Reads just behind the k-th writer; every third one has an outdated look. */
    private static TransactionHeader reader(int k, List<TransactionId> heads) {
        List<TransactionId> seen = k % 3 == 2 && !heads.isEmpty() ? heads.subList(1, heads.size()) : heads;
        return Headers.of(Headers.id(1000 + k, 1))
                .free("decisions")
                .reads(READ.value(), seen)
                .build();
    }

    private static List<TransactionId> heads(List<TransactionHeader> sofar) {
        return History.of(sofar).heads(READ);
    }

    private static void check(EventFilesByHand hand, List<Transaction> there) {
        History model = History.of(there.stream().map(Transaction::header).toList());
        assertEquals(model.staleReads(), hand.store().staleReads());
    }

    private static void deleteAll(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
