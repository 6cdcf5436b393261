package dev.evstore.testkit;

import static dev.evstore.testkit.Step.Kind;

import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/**
 * jqwik generators of histories: sets of transaction headers as a store could hold them. They are driven by lists of
 * small records, so a counterexample shrinks to the few steps that matter. Every header is valid in what it says of
 * others (rule I2).
 */
public final class Histories {

    private static final int MOST_STEPS = 40;
    private static final int MOST_TWISTS = 6;

    private Histories() {}

    /** The streams that generated histories write: one to four of them. */
    public static List<StreamId> streams() {
        return Replay.STREAMS.stream().map(StreamId::of).toList();
    }

    /**
     * What three replicas wrote that saw parts of each other: appends to one or two streams, free appends, reads, merges
     * of two or more heads. Complete, each transaction once, in canonical order.
     */
    public static Arbitrary<List<TransactionHeader>> honest() {
        return steps().map(Replay::play);
    }

    /** Honest histories with things in them that should not be there, or missing from them; in some order. */
    public static Arbitrary<List<TransactionHeader>> hostile() {
        return Combinators.combine(honest(), twist().list().ofMaxSize(MOST_TWISTS))
                .as((honest, twists) -> Twist.all(twists, honest));
    }

    /**
     * One or two streams whose transactions name any earlier ones as heads, superseded already or not: any shape a
     * hand-made or newer file could give a fork.
     */
    public static Arbitrary<List<TransactionHeader>> tangles() {
        Arbitrary<Tuple2<Integer, List<Integer>>> one = Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        upTo(6).list().ofMinSize(1).ofMaxSize(3))
                .as(Tuple::of);
        return one.list()
                .ofMaxSize(25)
                .withSizeDistribution(RandomDistribution.uniform())
                .map(Histories::tangle);
    }

    /** The steps behind {@link #honest()}, for those who have replicas of their own to play them. */
    public static Arbitrary<List<Step>> steps() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                Tuple.of(8, Kind.APPEND),
                Tuple.of(3, Kind.APPEND_BOTH),
                Tuple.of(2, Kind.APPEND_AND_NOTE),
                Tuple.of(1, Kind.NOTE),
                Tuple.of(2, Kind.DECIDE),
                Tuple.of(6, Kind.PULL),
                Tuple.of(1, Kind.PICK),
                Tuple.of(3, Kind.MERGE),
                Tuple.of(2, Kind.MERGE_ALL));
        return Combinators.combine(kinds, upTo(2), streamNumbers(), upTo(5), upTo(2))
                .as(Step::new)
                .list()
                .ofMaxSize(MOST_STEPS)
                .withSizeDistribution(RandomDistribution.uniform());
    }

    /** Most happens to one stream, so that forks have a past and are merged. */
    private static Arbitrary<Integer> streamNumbers() {
        return Arbitraries.frequency(Tuple.of(6, 0), Tuple.of(3, 1), Tuple.of(1, 2), Tuple.of(1, 3));
    }

    private static Arbitrary<Twist> twist() {
        return Combinators.combine(Arbitraries.of(Twist.Kind.class), upTo(MOST_STEPS), upTo(3))
                .as(Twist::new);
    }

    private static Arbitrary<Integer> upTo(int most) {
        // Uniform: jqwik likes small numbers, and nearly all would happen to one replica and one stream.
        return Arbitraries.integers().between(0, most).withDistribution(RandomDistribution.uniform());
    }

    private static List<TransactionHeader> tangle(List<Tuple2<Integer, List<Integer>>> shape) {
        List<TransactionHeader> all = new ArrayList<>();
        for (int k = 0; k < shape.size(); k++) {
            int at = k;
            List<TransactionId> below = shape.get(k).get2().stream()
                    .filter(back -> back > 0 && back <= at)
                    .map(back -> all.get(at - back).id())
                    .toList();
            Headers headers = Headers.at(1000 + k).newer();
            if (shape.get(k).get1() != 3) {
                headers.claims("account-1", below)
                        .events("account-1", shape.get(k).get1());
            }
            if (shape.get(k).get1() >= 2) {
                headers.claims("account-2", below).events("account-2", 1);
            }
            all.add(headers.build());
        }
        return all;
    }
}
