package dev.evstore.core.projection.engine;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/**
 * Whatever comes late, goes, comes back or is redacted, in whatever pages, however far memory is ahead of what is
 * written, and wherever a process ends: a canonical view is the fold of what is visible, on every replica byte for byte,
 * and an arrival view has seen every visible event once (rules O1 to O6, R4, S1, S5, S6).
 */
class ProjectionModelProperties {

    private static final int MOST_MOVES = 60;

    @Provide
    Arbitrary<List<Move>> moves() {
        return Move.several(MOST_MOVES);
    }

    @Provide
    Arbitrary<List<Move>> ambushes() {
        return Move.ofStores(12);
    }

    @Provide
    Arbitrary<EngineLimits> limits() {
        return Combinators.combine(Arbitraries.of(1, 2, 3, 5, 1_000), Arbitraries.of(1, 2, 3, 8, 100_000))
                .as((page, changes) -> new EngineLimits(page, changes, 1L << 20));
    }

    @StatisticsReport(onFailureOnly = true)
    @Property(tries = 80, edgeCases = EdgeCasesMode.NONE) // O1 to O6, R4, S1, S5, S6, T80
    void aViewIsTheFoldOfWhatIsVisible(
            @ForAll("moves") List<Move> moves,
            @ForAll("ambushes") List<Move> ambushes,
            @ForAll("limits") EngineLimits limits) {
        walk(moves, ambushes, limits);
    }

    @Tag("soak")
    @StatisticsReport(onFailureOnly = true)
    @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE) // O1 to O6, R4, S1, S5, S6, T80
    void theSameForAFewMinutes(
            @ForAll("moves") List<Move> moves,
            @ForAll("ambushes") List<Move> ambushes,
            @ForAll("limits") EngineLimits limits) {
        walk(moves, ambushes, limits);
    }

    private static void walk(List<Move> moves, List<Move> ambushes, EngineLimits limits) {
        try (Walk walk = new Walk(limits, ambushes)) {
            walk.play(moves);
            walk.finish();
            for (String what : List.of("parts", "rebuilds", "failures")) {
                Statistics.label(what)
                        .collect(walk.met().contains(what))
                        .coverage(coverage -> coverage.check(true).percentage(p -> p > 10));
            }
        }
    }
}
