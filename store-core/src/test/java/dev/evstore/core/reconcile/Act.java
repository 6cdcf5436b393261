package dev.evstore.core.reconcile;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/**
 * One thing that a replica does. Numbers mean what their kind takes them for, modulo what there is, so every list of
 * acts can be played and a failing one shrinks to the few that matter.
 *
 * @param replica who does it
 * @param other from whom, or how
 * @param streams which streams, a bit each
 * @param count how many events, or which transaction
 */
record Act(Kind kind, int replica, int other, int streams, int count) {

    /** What can be done. */
    enum Kind {
        /** One transaction over one to four streams. */
        APPEND,
        /** The same, freely in every other of the streams. */
        APPEND_AND_NOTE,
        /** All that another has. */
        PULL,
        /** Every so-manieth transaction that another has. */
        PICK,
        /** All get all that is anywhere. */
        PULL_ALL,
        /** A transaction is gone here. */
        RETRACT,
        /** The clock is off from now on. */
        SKEW,
        /** Forks are resolved in a way that is the same everywhere. */
        RECONCILE,
        /** Forks are resolved as only this replica would. */
        RECONCILE_OTHERWISE,
        /** Forks are resolved but for those of some streams. */
        RECONCILE_SOME
    }

    static Arbitrary<List<Act>> several(int most) {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                Tuple.of(10, Kind.APPEND),
                Tuple.of(2, Kind.APPEND_AND_NOTE),
                Tuple.of(3, Kind.PULL),
                Tuple.of(2, Kind.PULL_ALL),
                Tuple.of(2, Kind.PICK),
                Tuple.of(1, Kind.RETRACT),
                Tuple.of(1, Kind.SKEW),
                Tuple.of(4, Kind.RECONCILE),
                Tuple.of(3, Kind.RECONCILE_OTHERWISE),
                Tuple.of(1, Kind.RECONCILE_SOME));
        return Combinators.combine(kinds, upTo(2), upTo(2), sets(), upTo(7))
                .as(Act::new)
                .list()
                .ofMaxSize(most)
                .withSizeDistribution(RandomDistribution.uniform());
    }

    /** Most happens to one stream or two, so that forks have a past. */
    private static Arbitrary<Integer> sets() {
        return Arbitraries.frequency(
                Tuple.of(6, 1), Tuple.of(3, 2), Tuple.of(3, 3), Tuple.of(1, 4), Tuple.of(1, 6), Tuple.of(1, 15));
    }

    private static Arbitrary<Integer> upTo(int most) {
        return Arbitraries.integers().between(0, most).withDistribution(RandomDistribution.uniform());
    }
}
