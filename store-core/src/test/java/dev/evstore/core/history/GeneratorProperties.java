package dev.evstore.core.history;

import dev.evstore.testkit.Histories;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** That the made-up histories hold what the properties over them are about, often enough to mean something. */
class GeneratorProperties {

    @Provide
    Arbitrary<List<TransactionHeader>> honest() {
        return Histories.honest();
    }

    @Provide
    Arbitrary<List<TransactionHeader>> hostile() {
        return Histories.hostile();
    }

    @Provide
    Arbitrary<List<TransactionHeader>> tangles() {
        return Histories.tangles();
    }

    @Property(tries = 400)
    void honestHistoriesForkMergeAndHangTogether(@ForAll("honest") List<TransactionHeader> all) {
        History history = History.of(all);
        Set<Shape> shapes = shapes(history);
        seen("fork", shapes.contains(Shape.FORK), 20);
        seen("three heads", shapes.contains(Shape.THREE_HEADS), 5);
        seen("ancestor events", shapes.contains(Shape.ANCESTOR), 10);
        seen("unit of streams", shapes.contains(Shape.UNIT), 8);
        seen("merge", all.stream().anyMatch(TransactionHeader::isMerge), 10);
        seen("stale read", !history.staleReads().isEmpty(), 3);
        seen("nothing", all.isEmpty(), 0.2);
    }

    @Property(tries = 400)
    void hostileHistoriesHaveGapsVariantsAndFalseNames(@ForAll("hostile") List<TransactionHeader> all) {
        History history = History.of(all);
        seen("variant", !history.variants().isEmpty(), 5);
        seen("incomplete", !history.incomplete().isEmpty(), 5);
        seen("dangling", !history.dangling().isEmpty(), 5);
        seen("mismatch", !history.parentMismatches().isEmpty(), 2);
        seen("misnamed", !history.misnamed().isEmpty(), 5);
        seen("copies", all.size() > history.transactions().size(), 20);
        seen("redacted", all.stream().anyMatch(it -> !it.redacted().isEmpty()), 5);
        seen("out of order", !isAscending(all), 10);
        seen("far future", all.stream().anyMatch(it -> it.id().millis() > 200_000_000_000_000L), 5);
    }

    @Property(tries = 400)
    void tanglesShareAndNameWhatIsNoHeadAnyMore(@ForAll("tangles") List<TransactionHeader> all) {
        Set<Shape> shapes = shapes(History.of(all));
        seen("fork", shapes.contains(Shape.FORK), 20);
        seen("shared", shapes.contains(Shape.SHARED), 10);
        seen("ancestor events", shapes.contains(Shape.ANCESTOR), 3);
        seen("unit of streams", shapes.contains(Shape.UNIT), 5);
    }

    private enum Shape {
        FORK,
        THREE_HEADS,
        ANCESTOR,
        SHARED,
        UNIT
    }

    private static Set<Shape> shapes(History history) {
        Set<Shape> shapes = new HashSet<>();
        for (ForkUnit unit : history.forks()) {
            if (unit.forks().size() > 1) {
                shapes.add(Shape.UNIT);
            }
            for (Fork fork : unit.forks()) {
                shapes.add(Shape.FORK);
                if (fork.heads().size() > 2) {
                    shapes.add(Shape.THREE_HEADS);
                }
                if (fork.ancestorVersion() > 0) {
                    shapes.add(Shape.ANCESTOR);
                }
                if (fork.divergent().stream().anyMatch(d -> d.reachedBy().size() > 1)) {
                    shapes.add(Shape.SHARED);
                }
            }
        }
        return shapes;
    }

    private static boolean isAscending(List<TransactionHeader> all) {
        List<Object> ids = all.stream().map(TransactionHeader::id).collect(Collectors.toList());
        return ids.equals(List.copyOf(new TreeSet<>(ids)));
    }

    private static void seen(String what, boolean here, double leastPercent) {
        Statistics.label(what).collect(here);
        Predicate<Double> enough = percent -> percent >= leastPercent;
        Statistics.label(what).coverage(coverage -> coverage.check(true).percentage(enough));
    }
}
