package dev.evstore.core.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.ReconcileReport;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/**
 * Replicas that write, exchange, lose, find again and resolve as they like, with clocks of their own: once they have
 * everything, they agree about everything, and reconciling comes to an end (rules I4, M1 to M4).
 */
class MergeConvergenceProperties {

    private static final int MOST_ACTS = 40;

    @Provide
    Arbitrary<List<Act>> acts() {
        return Act.several(MOST_ACTS);
    }

    @StatisticsReport(onFailureOnly = true)
    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE) // I4, M2, M3
    void whoHasEverythingAgreesAndOnePassWithAPureResolverEndsAllForks(@ForAll("acts") List<Act> acts) {
        converges(acts);
    }

    @Tag("soak")
    @StatisticsReport(onFailureOnly = true)
    @Property(tries = 10_000, edgeCases = EdgeCasesMode.NONE) // I4, M2, M3
    void theSameForAFewMinutes(@ForAll("acts") List<Act> acts) {
        converges(acts);
    }

    private static void converges(List<Act> acts) {
        try (Play play = new Play()) {
            play.all(acts);
            play.exchange();
            play.requireAllAlike();

            Statistics.label("forked in the end")
                    .collect(!play.replicas.replica(0).forks().isEmpty())
                    .coverage(seen -> seen.check(true).percentage(p -> p > 30));
            Statistics.label("a fork of merges")
                    .collect(play.isForkOfMerges())
                    .coverage(seen -> seen.check(true).percentage(p -> p > 3));
            ReconcileReport first = play.replicas.reconcile(0, Play.TELLING);
            assertEquals(List.of(), first.unresolved());
            for (int i = 1; i < play.replicas.size(); i++) {
                assertEquals(first, play.replicas.reconcile(i, Play.TELLING), "the same transactions everywhere");
            }
            assertEquals(List.of(), play.replicas.replica(0).forks());
            play.requireAllAlike();
        }
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE) // M2
    void itEndsWhateverResolversSayWhereReplicasExchangeBeforeTheyReconcileAgain(@ForAll("acts") List<Act> acts) {
        try (Play play = new Play()) {
            play.all(acts);
            play.exchange();
            for (int i = 0; i < play.replicas.size(); i++) {
                play.replicas.reconcile(i, Play.otherwise("replica " + i));
            }
            play.exchange();
            play.requireAllAlike();
            play.replicas.reconcile(1, Play.otherwise("the last word"));
            play.exchange();
            assertEquals(List.of(), play.replicas.replica(2).forks());
            play.requireAllAlike();
        }
    }
}
