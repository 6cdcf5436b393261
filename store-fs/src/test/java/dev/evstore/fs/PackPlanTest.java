package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PackPlanTest {

    private final List<NewFile> loose = new ArrayList<>();
    private final Set<NewFile.Content> packed = new HashSet<>();

    private static TransactionId id(int n) {
        return TransactionId.of(String.format(Locale.ROOT, "%08x-0000-7000-8000-000000000000", n));
    }

    private static NewFile.Content content(int n, String variant) {
        Sha256 trailer = Sha256.hash((n + variant).getBytes(StandardCharsets.UTF_8));
        return new NewFile.Content(id(n), trailer, Set.of(), Set.of(), 2);
    }

    private NewFile file(String month, String name, NewFile.Content... contents) {
        NewFile file = new NewFile(month, name + ".jsonl", List.of(contents), 600L * contents.length, false);
        loose.add(file);
        return file;
    }

    private NewFile file(int n) {
        return file("2026-11", id(n).toString(), content(n, ""));
    }

    private PackPlan plan(long before) throws IOException {
        Collections.shuffle(loose, new Random(1));
        return PackPlan.of(loose, packed::contains, before);
    }

    private PackPlan plan() throws IOException {
        return plan(Long.MAX_VALUE);
    }

    @Test
    void aPackHasAThousandTransactionsAtTheMostAndIsNeverOfOne() throws IOException { // K3
        for (int n = 1; n <= 2001; n++) {
            file(n);
        }
        PackPlan plan = plan();
        assertEquals(List.of(1000, 1000), plan.folds().stream().map(List::size).toList());
        assertEquals(2000, plan.leaving().size());
        assertEquals(id(1), plan.folds().get(0).get(0).first());
    }

    @Test
    void eachMonthHasPacksOfItsOwn() throws IOException { // K3
        file(1);
        file(2);
        file("2026-12", id(3).toString(), content(3, ""));
        file("2026-12", id(4).toString(), content(4, ""));
        assertEquals(
                List.of("2026-11", "2026-12"),
                plan().folds().stream().map(fold -> fold.get(0).directory()).toList());
    }

    @Test
    void onlyWhatIsOlderIsPacked() throws IOException { // K3
        file(1);
        file(2);
        file(3);
        file("2026-11", "both", content(4, ""), content(9, ""));
        PackPlan plan = plan(id(3).millis());
        assertEquals(
                List.of(List.of(id(1), id(2))),
                List.of(plan.folds().get(0).stream().map(NewFile::first).toList()));
        assertEquals(2, plan.leaving().size());
    }

    @Test
    void whatAPackHoldsIsNotPackedAgain() throws IOException { // K3, K4
        NewFile again = file(1);
        file(2);
        file(3);
        packed.add(content(1, ""));
        PackPlan plan = plan();
        assertEquals(List.of(again), plan.superfluous());
        assertEquals(1, plan.folds().size());
        assertEquals(3, plan.leaving().size());
    }

    @Test
    void oneIdWithTwoContentsStaysInTwoFiles() throws IOException { // I5
        file(1);
        file("2026-11", "other", content(1, "other"));
        file(2);
        file(3);
        assertEquals(
                List.of(id(2), id(3)),
                plan().leaving().stream().map(NewFile::first).sorted().toList());
    }

    @Test
    void twoFilesOfOneMergeTransactionBecomeOneOfAPack() throws IOException { // M4, K3
        file(1);
        file("2026-11", id(1) + ".00000000", content(1, ""));
        assertEquals(List.of(), plan().leaving(), "a pack is never of one transaction");
        file(2);
        assertEquals(3, plan().folds().get(0).size());
    }
}
