package dev.evstore.core.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.ReconcileReport.Resolved;
import dev.evstore.core.ReconcileReport.Unresolved;
import dev.evstore.core.ReconcileReport.Why;
import dev.evstore.core.Sources;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.ForkedStream;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolver;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/** Units that one merge transaction can't hold (rule V4). */
class LargeUnitTest {

    private static final List<String> NAMES = List.of("a", "b", "c", "d", "\u00e9", "\ud83d\ude00");

    private final InMemoryEventStore store = new InMemoryEventStore(new ManualClock(), new Random(1));
    private final ForkSource source = Sources.of(store);
    private final List<List<String>> asked = new ArrayList<>();

    private void forkAll() {
        for (int head = 0; head < 2; head++) {
            Foreign one = Foreign.at(head);
            NAMES.forEach(name -> one.onto(name).event(name, "T"));
            store.ingest(List.of(one.build()));
        }
        assertEquals(1, store.forks().size());
    }

    private Resolver remembering(Resolver resolver) {
        return fork -> {
            asked.add(fork.streams().stream().map(s -> s.id().value()).toList());
            return resolver.resolve(fork);
        };
    }

    private ReconcileReport reconcile(
            Resolver resolver, ReconcileOptions options, ToIntFunction<SortedMap<StreamId, List<TransactionId>>> fits) {
        return new Reconciliation(source, remembering(resolver), options, fits).run();
    }

    @Test
    void theLongestPrefixThatFitsIsResolvedAndThenTheRest() { // V4
        forkAll();
        ReconcileReport report = reconcile(
                fork -> Resolution.canonicalOrder(), ReconcileOptions.all(), heads -> Math.min(4, heads.size()));
        assertEquals(List.of(NAMES.subList(0, 4), NAMES.subList(4, 6)), asked, "in UTF-8 order");
        assertEquals(2, report.resolved().size());
        assertEquals(List.of(), store.forks());
        assertEquals(List.of(), report.unresolved());
    }

    @Test
    void aDryRunTellsTheSame() { // V4, M3
        forkAll();
        ToIntFunction<SortedMap<StreamId, List<TransactionId>>> fits = heads -> Math.min(4, heads.size());
        Resolver resolver = fork -> Resolution.canonicalOrder();
        ReconcileReport dry = reconcile(resolver, ReconcileOptions.all().asDryRun(), fits);
        assertEquals(1, store.forks().size());
        assertEquals(dry, reconcile(resolver, ReconcileOptions.all(), fits));
    }

    @Test
    void theRestWaitsForTheFirstStreams() { // V4
        forkAll();
        ReconcileReport report = reconcile(
                fork -> Resolution.unresolvable("no"), ReconcileOptions.all(), heads -> Math.min(4, heads.size()));
        assertEquals(1, asked.size());
        assertEquals(
                List.of(Why.UNRESOLVABLE, Why.TOO_LARGE),
                report.unresolved().stream().map(Unresolved::why).toList());
        assertEquals(2, report.unresolved().get(1).streams().size());
    }

    @Test
    void aStreamThatNeverFitsHoldsUpNoOther() { // V4, M3
        forkAll();
        ReconcileReport report = reconcile(
                fork -> Resolution.canonicalOrder(),
                ReconcileOptions.all(),
                heads -> heads.firstKey().value().equals("a") ? 0 : heads.size());
        assertEquals(List.of(NAMES.subList(1, 6)), asked);
        assertEquals(Why.TOO_LARGE, report.unresolved().get(0).why());
        assertEquals(List.of(StreamId.of("a")), report.unresolved().get(0).streams());
        assertEquals(
                1, store.forks().stream().mapToInt(unit -> unit.forks().size()).sum());
    }

    @Test
    void aUnitThatMovesWhileItsPrefixIsResolvedIsTakenWhole() { // V4
        forkAll();
        ReconcileReport report = reconcile(
                fork -> {
                    if (asked.size() == 1) {
                        ForkedStream first = fork.streams().get(0);
                        store.ingest(List.of(Foreign.at(50)
                                .onto("a", first.heads().get(0))
                                .event("a", "T")
                                .build()));
                    }
                    return Resolution.canonicalOrder();
                },
                ReconcileOptions.all(),
                heads -> Math.min(4, heads.size()));
        assertEquals(List.of(NAMES.subList(0, 4), NAMES.subList(0, 4), NAMES.subList(4, 6)), asked);
        assertEquals(
                List.of(4, 2),
                report.resolved().stream()
                        .map(Resolved::streams)
                        .map(List::size)
                        .toList());
    }
}
