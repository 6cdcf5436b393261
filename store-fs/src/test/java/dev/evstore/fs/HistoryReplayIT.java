package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ProgressListener;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.reconcile.Resolvers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The history of a real repository that hundreds of people and programs wrote at once, replayed as a store and taken in
 * by stores on files in several orders. Needs python3 and -Devstore.shared=DIR.
 */
@Tag("shared")
final class HistoryReplayIT {

    /** How many commits arrive between two looks. */
    private static final int BATCH = 200;

    @TempDir
    private Path directory;

    @Test
    void whateverTheOrderOfArrivalThereIsOneDigestAndNoForkInTheEnd() throws IOException { // I3, I4, F1, M1, M2, P2
        List<RecordedCommit> commits =
                RecordedCommit.all(Path.of(System.getProperty("evstore.shared")).resolve("data/history-beads.jsonl"));
        ReplayedHistory history = ReplayedHistory.of(commits);
        assertEquals(956, history.forks());
        assertEquals(431, history.units());
        assertEquals(431, history.merges());

        String answers = arrived("topological", batches(commits), history, true);
        assertEquals(answers, arrived("by time", batches(byTime(commits)), history, false));
        assertEquals(answers, arrived("branches reversed", batches(secondParentsFirst(commits)), history, false));
        assertEquals(answers, arrived("children first", batches(reversed(commits)), history, false));
        assertEquals(answers, arrived("one big union", List.of(commits), history, false));
    }

    /** What the store says of everything once all has come, a look after each batch. */
    private String arrived(
            String name, List<List<RecordedCommit>> batches, ReplayedHistory history, boolean readAgain) {
        Path place = directory.resolve(name);
        EventFilesByHand hand = new EventFilesByHand(place, StoreOptions.defaults());
        try (FileEventStore store = hand.files) {
            for (List<RecordedCommit> batch : batches) {
                hand.write(batch.stream()
                        .flatMap(commit -> history.brought(commit).stream())
                        .sorted(Comparator.comparing(
                                transaction -> transaction.header().id()))
                        .toList());
                store.refresh();
            }
            assertTrue(store.status().isClean(), () -> name + ": " + store.status()); // no fork either
            assertEquals(List.of(), store.verify(ProgressListener.NONE));
            assertEquals(
                    new ReconcileReport(List.of(), List.of()),
                    store.reconcile(Resolvers.acceptOrder(), ReconcileOptions.all()));
            if (readAgain) {
                ReferenceReader.check(place, store);
            }
            return ReferenceReader.answers(store);
        }
    }

    private static List<List<RecordedCommit>> batches(List<RecordedCommit> order) {
        List<List<RecordedCommit>> batches = new ArrayList<>();
        for (int from = 0; from < order.size(); from += BATCH) {
            batches.add(order.subList(from, Math.min(order.size(), from + BATCH)));
        }
        return batches;
    }

    private static List<RecordedCommit> byTime(List<RecordedCommit> commits) {
        return commits.stream()
                .sorted(Comparator.comparing(RecordedCommit::committed))
                .toList();
    }

    private static List<RecordedCommit> reversed(List<RecordedCommit> commits) {
        List<RecordedCommit> reversed = new ArrayList<>(commits);
        Collections.reverse(reversed);
        return reversed;
    }

    /** Parents before children, and what a merge brought in before what it was brought into. */
    private static List<RecordedCommit> secondParentsFirst(List<RecordedCommit> commits) {
        Map<String, RecordedCommit> byId = new HashMap<>();
        commits.forEach(commit -> byId.put(commit.id(), commit));
        Set<RecordedCommit> done = new LinkedHashSet<>();
        Deque<RecordedCommit> open = new ArrayDeque<>(List.of(commits.get(commits.size() - 1)));
        while (!open.isEmpty()) {
            List<RecordedCommit> before = open.peek().parents().stream()
                    .map(parent -> Objects.requireNonNull(byId.get(parent)))
                    .filter(parent -> !done.contains(parent))
                    .toList();
            if (before.isEmpty()) {
                done.add(open.pop());
            } else {
                open.push(before.get(before.size() - 1));
            }
        }
        assertEquals(commits.size(), done.size());
        return List.copyOf(done);
    }
}
