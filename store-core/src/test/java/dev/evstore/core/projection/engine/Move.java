package dev.evstore.core.projection.engine;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/**
 * One thing that happens to a replica or to one of its projections. Numbers mean what their kind takes them for, modulo
 * what there is, so every list of moves can be played.
 *
 * @param replica to whom
 * @param which stream, transaction or projection
 * @param count of events, or what they do
 */
record Move(Kind kind, int replica, int which, int count) {

    /** What can happen. */
    enum Kind {
        /** One stream is written. */
        APPEND,
        /** Both streams are written, event by event in turn. */
        APPEND_BOTH,
        /** What another has. */
        PULL,
        /** Some of what another has. */
        PICK,
        /** A transaction is gone here. */
        RETRACT,
        /** Every so-manieth transaction is gone here, at once. */
        RETRACT_MANY,
        /** A transaction that was anywhere is here again. */
        RETURN,
        /** An event's payload is gone. */
        REDACT,
        /** The heads of a stream are merged. */
        RECONCILE,
        /** A projection reads a page. */
        STEP,
        /** What a projection has is to be written. */
        FREEZE,
        /** The oldest of that is written. */
        COMMIT,
        /** A projection's process ends, and another begins. */
        CRASH
    }

    boolean isOfStore() {
        return kind.compareTo(Kind.STEP) < 0;
    }

    static Arbitrary<List<Move>> several(int most) {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                Tuple.of(8, Kind.APPEND),
                Tuple.of(2, Kind.APPEND_BOTH),
                Tuple.of(3, Kind.PULL),
                Tuple.of(2, Kind.PICK),
                Tuple.of(2, Kind.RETRACT),
                Tuple.of(1, Kind.RETRACT_MANY),
                Tuple.of(2, Kind.RETURN),
                Tuple.of(1, Kind.REDACT),
                Tuple.of(1, Kind.RECONCILE),
                Tuple.of(14, Kind.STEP),
                Tuple.of(8, Kind.FREEZE),
                Tuple.of(6, Kind.COMMIT),
                Tuple.of(2, Kind.CRASH));
        return several(kinds, most);
    }

    /** What happens to stores while projections read them. */
    static Arbitrary<List<Move>> ofStores(int most) {
        return several(
                Arbitraries.frequency(
                        Tuple.of(3, Kind.APPEND),
                        Tuple.of(2, Kind.PULL),
                        Tuple.of(4, Kind.RETRACT),
                        Tuple.of(1, Kind.RETRACT_MANY),
                        Tuple.of(2, Kind.RETURN),
                        Tuple.of(1, Kind.REDACT)),
                most);
    }

    private static Arbitrary<List<Move>> several(Arbitrary<Kind> kinds, int most) {
        return Combinators.combine(kinds, upTo(1), upTo(40), upTo(11))
                .as(Move::new)
                .list()
                .ofMaxSize(most)
                .withSizeDistribution(RandomDistribution.uniform());
    }

    private static Arbitrary<Integer> upTo(int most) {
        return Arbitraries.integers().between(0, most).withDistribution(RandomDistribution.uniform());
    }
}
