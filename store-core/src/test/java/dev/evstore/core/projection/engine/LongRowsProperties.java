package dev.evstore.core.projection.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.EventId;
import dev.evstore.core.projection.Projection;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ManualClock;
import dev.evstore.testkit.ProjectionRun;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;

/** Rows so long that images are kept of them: what is late or gone costs no more than its distance from the end (O3). */
class LongRowsProperties {

    private static final int PER_TRANSACTION = 20;
    private static final int TRANSACTIONS = 120;

    /** Of one row: where in it something happens, and what; of odd counts it is written only with the next. */
    record Touch(Kind kind, int place, int count) {}

    /** What happens to a place of a row. */
    enum Kind {
        ARRIVE,
        RETRACT,
        RETURN,
        CRASH
    }

    @Provide
    Arbitrary<List<Touch>> touches() {
        return Combinators.combine(
                        Arbitraries.of(Kind.ARRIVE, Kind.ARRIVE, Kind.RETRACT, Kind.RETRACT, Kind.RETURN, Kind.CRASH),
                        Arbitraries.integers().between(0, TRANSACTIONS).withDistribution(RandomDistribution.uniform()),
                        Arbitraries.integers().between(1, 20))
                .as(Touch::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    @Property(tries = 12, edgeCases = EdgeCasesMode.NONE)
    void imagesAreWhatWasFoldedAndARefoldCostsItsDistanceFromTheEnd(
            @ForAll("touches") List<Touch> touches, @ForAll boolean keyed) {
        play(touches, keyed);
    }

    @Tag("soak")
    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void theSameForAFewMinutes(@ForAll("touches") List<Touch> touches, @ForAll boolean keyed) {
        play(touches, keyed);
    }

    private static void play(List<Touch> touches, boolean keyed) {
        try (LongRow row = new LongRow(keyed)) {
            row.catchUp(0, true);
            touches.forEach(row::touch);
            row.anew();
        }
    }

    /** One row, what its handler was called for, and what it must be. */
    private static final class LongRow implements AutoCloseable {

        private final InMemoryEventStore store = new InMemoryEventStore(new ManualClock(), new Random(1));
        private final List<Transaction> gone = new ArrayList<>();
        private final boolean keyed;
        private final ProjectionRun<String> run;
        private long calls;
        private int tail;
        /** The longest that the row was since its images were made. */
        private long longest;

        LongRow(boolean keyed) {
            this.keyed = keyed;
            List<Transaction> all = new ArrayList<>();
            for (int k = 0; k < TRANSACTIONS; k++) {
                all.add(transaction(2L * k, PER_TRANSACTION));
            }
            store.ingest(all);
            this.run = new ProjectionRun<>(projection(), store, Did.CODEC, new EngineLimits(100, 1_000, 1L << 20));
        }

        private Projection<String> projection() {
            var start = Projection.named("long").version(1);
            return (keyed ? start.keyedBy(event -> "k") : start.single())
                    .initially(() -> "")
                    .onType("Did", (state, event) -> {
                        calls++;
                        return Did.chain(state, event.id().toString());
                    })
                    .build();
        }

        private Transaction transaction(long millis, int events) {
            Foreign foreign = Foreign.at(millis, tail++).free("s");
            for (int k = 0; k < events; k++) {
                foreign.event("s", Did.add(k));
            }
            return foreign.build();
        }

        void touch(Touch touch) {
            boolean written = touch.count() % 2 == 0;
            List<Transaction> here = store.transactions();
            switch (touch.kind()) {
                case ARRIVE -> {
                    Transaction late = transaction(2L * touch.place() + 1, touch.count());
                    store.ingest(List.of(late));
                    catchUp(distance(late), written);
                }
                case RETRACT -> {
                    int from = touch.place() % here.size();
                    List<Transaction> some = here.subList(from, Math.min(here.size(), from + touch.count()));
                    long distance = distance(some.get(0));
                    gone.addAll(some);
                    store.retract(some.stream().map(one -> one.header().id()).toList());
                    catchUp(distance, written);
                }
                case RETURN -> {
                    store.ingest(gone);
                    long distance =
                            gone.stream().mapToLong(this::distance).max().orElse(0);
                    gone.clear();
                    catchUp(distance, written);
                }
                default -> {
                    run.write();
                    run.crash();
                    catchUp(0, written);
                }
            }
        }

        private List<StoredEvent> events() {
            List<StoredEvent> events = new ArrayList<>();
            store.readAll(ReadAllOptions.forwards()).forEach(events::add);
            return events;
        }

        /** How many events the row had, or has, from this transaction on, and what it has lost since its images. */
        private long distance(Transaction transaction) {
            EventId first = new EventId(transaction.header().id(), 0);
            List<StoredEvent> all = events();
            long behind = all.stream()
                    .filter(event -> event.id().compareTo(first) >= 0)
                    .count();
            return behind + Math.max(0, longest - all.size());
        }

        /** Takes in what changed, and looks at everything. */
        void catchUp(long distance, boolean written) {
            boolean built = run.rows().committed().checkpoint() != null;
            long most = 2 * distance + AfterImages.FROM;
            boolean more;
            do {
                calls = 0;
                more = run.step();
                assertTrue(!built || calls <= most, () -> calls + " calls for " + distance + " events from the end");
            } while (more);
            List<StoredEvent> events = events();
            longest = Math.max(longest, events.size());
            if (written) {
                run.write();
                require(events);
            }
        }

        private void require(List<StoredEvent> events) {
            String key = keyed ? "k" : "";
            String state = "";
            Map<Long, String> after = new HashMap<>();
            for (StoredEvent event : events) {
                state = Did.chain(state, event.id().toString());
                after.put(after.size() + 1L, state);
            }
            StoredRow row = run.rows().committed().rows().get(key);
            assertEquals(events.isEmpty() ? null : '"' + state + '"', row == null ? null : text(row.state()));
            TreeMap<Long, RowImage> images =
                    new TreeMap<>(run.rows().committed().images(key));
            images.forEach((count, image) -> {
                assertEquals(events.get((int) (count - 1)).id(), image.at());
                assertEquals('"' + String.valueOf(after.get(count)) + '"', text(image.state()));
                assertTrue(AfterImages.keeps(events.size(), count), () -> count + " of " + events.size());
            });
            int bits = 64 - Long.numberOfLeadingZeros(events.size());
            assertTrue(images.size() <= 3 * bits, () -> images.size() + " images of " + events.size());
        }

        /** Built anew it is the same, and has every image that the formula keeps. */
        void anew() {
            run.write();
            require(events());
            run.rebuild();
            catchUp(0, true);
            int total = events().size();
            List<Long> kept = new ArrayList<>();
            for (long count = 1; count <= total; count++) {
                if (AfterImages.keeps(total, count)) {
                    kept.add(count);
                }
            }
            assertEquals(
                    kept,
                    List.copyOf(run.rows().committed().images(keyed ? "k" : "").keySet()));
        }

        private static @Nullable String text(byte @Nullable [] state) {
            return state == null ? null : new String(state, StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
