package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.History;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.Histories;
import dev.evstore.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;

/**
 * Random histories come and go in random files, in any order, grouped, copied, moved, redacted, with other variants.
 * After every step the index answers as the model does, and each consumer's own view, which is the arrivals less the
 * retractions it was told, is what is visible.
 */
@Tag("stores")
class IndexAgainstModelProperties {

    /** What a hand does to the files, or somebody to the store. */
    enum Kind {
        WRITE,
        DELETE,
        COPY,
        MOVE,
        APPEND,
        REOPEN,
        /** The index is built anew; consumers must not notice. */
        REINDEX
    }

    /**
     * @param which of the transactions or files, taken modulo their number
     * @param count how many transactions a file gets
     * @param reader which consumer reads on, and in pages of how many
     */
    record Step(Kind kind, int which, int count, int reader) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> any = Arbitraries.integers().between(0, 60).withDistribution(RandomDistribution.uniform());
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                Tuple.of(8, Kind.WRITE),
                Tuple.of(4, Kind.DELETE),
                Tuple.of(2, Kind.COPY),
                Tuple.of(1, Kind.MOVE),
                Tuple.of(2, Kind.APPEND),
                Tuple.of(1, Kind.REOPEN),
                Tuple.of(2, Kind.REINDEX));
        return Combinators.combine(kinds, any, Arbitraries.integers().between(1, 8), any)
                .as(Step::new)
                .list()
                .ofMinSize(5)
                .ofMaxSize(25)
                .withSizeDistribution(RandomDistribution.uniform());
    }

    @Provide
    Arbitrary<List<TransactionHeader>> histories() {
        return Histories.hostile();
    }

    @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
    void indexAndConsumersAgreeWithTheModelAfterEveryStep(
            @ForAll("histories") List<TransactionHeader> history, @ForAll("steps") List<Step> steps)
            throws IOException {
        // I4, I5, F1, F4, F5, F7, P1 to P7, K4
        List<Transaction> transactions = EncodedHistory.of(history);
        Path directory = Files.createTempDirectory("evstore-model");
        Play play = new Play(directory, transactions);
        try {
            steps.forEach(play::step);
        } finally {
            play.hand.close();
            deleteAll(directory);
        }
    }

    /** One store, its files, and three consumers. */
    private static final class Play {
        private final Path directory;
        private final List<Transaction> transactions;
        private final StoreOptions options;
        private final List<ConsumersView> consumers =
                List.of(new ConsumersView(), new ConsumersView(), new ConsumersView());
        private EventFilesByHand hand;
        private int appended;

        Play(Path directory, List<Transaction> transactions) {
            this.directory = directory;
            this.transactions = transactions;
            this.options = StoreOptions.defaults().clock(new ManualClock()).random(new Random(5));
            this.hand = new EventFilesByHand(directory, options);
        }

        void step(Step step) {
            List<Path> files = hand.files();
            Path file = files.isEmpty() ? directory : files.get(step.which() % files.size());
            switch (step.kind()) {
                case WRITE -> hand.write(some(step));
                case DELETE -> {
                    if (!files.isEmpty()) {
                        EventFilesByHand.delete(file);
                    }
                }
                case COPY -> {
                    if (!files.isEmpty()) {
                        hand.write(EventFilesByHand.read(file));
                    }
                }
                case MOVE -> {
                    if (!files.isEmpty()) {
                        List<Transaction> moved = EventFilesByHand.read(file);
                        EventFilesByHand.delete(file);
                        hand.write(moved);
                    }
                }
                case APPEND ->
                    hand.store()
                            .append(
                                    Histories.streams().get(step.which() % 2),
                                    step.which() % 3 == 0 ? ExpectedVersion.any() : ExpectedVersion.current(),
                                    NewEvent.of("Appended", String.valueOf(appended++)));
                case REINDEX -> hand.files.reindex(ProgressListener.NONE);
                case REOPEN -> {
                    hand.close();
                    hand = new EventFilesByHand(directory, options);
                }
            }
            hand.store().refresh();
            List<TransactionHeader> there = hand.files().stream()
                    .flatMap(at -> EventFilesByHand.read(at).stream())
                    .map(Transaction::header)
                    .toList();
            StoreAgainstModel.check(hand.store(), there);
            assertEquals(List.of(), hand.files.verify(ProgressListener.NONE));
            ConsumersView consumer = consumers.get(step.reader() % consumers.size());
            consumer.readOn(hand.store(), 1 + step.reader() / consumers.size());
            assertEquals(StoreAgainstModel.visible(History.of(there)), consumer.view(), "a consumer's view");
        }

        /** Some of the history, each id once, ascending: as a file has them. */
        private List<Transaction> some(Step step) {
            Map<TransactionId, Transaction> chosen = new TreeMap<>();
            for (int k = 0; k < step.count() && !transactions.isEmpty(); k++) {
                Transaction transaction = transactions.get((step.which() + k) % transactions.size());
                chosen.putIfAbsent(transaction.header().id(), transaction);
            }
            return List.copyOf(chosen.values());
        }
    }

    private static void deleteAll(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> deepestFirst = new ArrayList<>(all.toList());
            deepestFirst.sort(Comparator.reverseOrder());
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
