package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.format.Limits;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CommitPlanTest {

    private final Set<TransactionId> head = new HashSet<>();
    private final List<NewFile> found = new ArrayList<>();

    private static TransactionId id(int n) {
        return TransactionId.of(String.format(Locale.ROOT, "%08x-0000-7000-8000-000000000000", n));
    }

    private static NewFile.Content content(int n, String variant, Integer... parents) {
        return new NewFile.Content(
                id(n),
                Sha256.hash((n + variant).getBytes(StandardCharsets.UTF_8)),
                Set.of(),
                Set.copyOf(Arrays.stream(parents).map(CommitPlanTest::id).toList()),
                2);
    }

    private NewFile loose(NewFile.Content... contents) {
        return file(contents[0].id() + ".jsonl", 600L * contents.length, false, contents);
    }

    private NewFile file(String name, long size, boolean staged, NewFile.Content... contents) {
        NewFile file = new NewFile("2026-11", name, List.of(contents), size, staged);
        found.add(file);
        return file;
    }

    private CommitPlan plan() throws IOException {
        Collections.shuffle(found, new Random(1));
        return CommitPlan.of(found, new CommitPlan.Head() {
            @Override
            public boolean has(TransactionId id) {
                return head.contains(id);
            }

            @Override
            public boolean has(NewFile.Content content) {
                return head.contains(content.id());
            }
        });
    }

    @Test
    void aPackHasAThousandTransactionsAtTheMostAndIsNeverOfOne() throws IOException { // K1
        for (int n = 1; n <= 2001; n++) {
            loose(content(n, ""));
        }
        CommitPlan plan = plan();
        assertEquals(List.of(1000, 1000), plan.folds().stream().map(List::size).toList());
        assertEquals(id(2001), plan.whole().get(0).first());
        assertEquals(2001, plan.transactions());
        assertEquals(4002, plan.events());
    }

    @Test
    void aPackIsNotLargerThanAReaderTakes() throws IOException { // K1, V4
        for (int n = 1; n <= 5; n++) {
            file(id(n) + ".jsonl", Limits.FILE / 2, false, content(n, ""));
        }
        CommitPlan plan = plan();
        assertEquals(List.of(2, 2), plan.folds().stream().map(List::size).toList());
        assertEquals(1, plan.whole().size());
    }

    @Test
    void eachMonthIsFoldedForItself() throws IOException { // K1
        loose(content(1, ""));
        loose(content(2, ""));
        found.add(new NewFile("2026-10", id(3) + ".jsonl", List.of(content(3, "")), 600, false));
        CommitPlan plan = plan();
        assertEquals(1, plan.folds().size());
        assertEquals(1, plan.whole().size());
    }

    @Test
    void whatIsStagedNamedByOthersOrAPackAlreadyIsNotFolded() throws IOException { // K1
        file(id(1) + ".jsonl", 600, true, content(1, ""));
        file("of-others.jsonl", 600, false, content(2, ""));
        file("pack-" + id(3) + "-0123456789abcdef.jsonl", 600, false, content(3, ""), content(4, ""));
        loose(content(5, ""));
        CommitPlan plan = plan();
        assertEquals(List.of(), plan.folds());
        assertEquals(4, plan.whole().size());
    }

    @Test
    void variantsOfATransactionAreNotFoldedIntoOneFile() throws IOException { // I5, K1
        loose(content(1, ""));
        loose(content(2, "one"));
        file(id(2) + ".01234567.jsonl", 600, false, content(2, "other"));
        loose(content(3, ""));
        CommitPlan plan = plan();
        assertEquals(1, plan.folds().size());
        assertEquals(Set.of(id(1), id(3)), ids(plan.folds().get(0)));
        assertEquals(2, plan.whole().size());
    }

    @Test
    void twoFilesOfOneTransactionAreNoPack() throws IOException { // K1: a merge transaction that two replicas wrote
        file(id(2) + ".01234567.jsonl", 600, false, content(2, ""));
        file(id(2) + ".89abcdef.jsonl", 600, false, content(2, ""));
        assertEquals(2, plan().whole().size());
    }

    @Test
    void looseFilesOfAPackThatGotNoFurtherAreSuperfluous() throws IOException { // G2
        file("pack-" + id(1) + "-0123456789abcdef.jsonl", 600, false, content(1, ""), content(2, ""));
        loose(content(1, ""));
        loose(content(2, ""));
        loose(content(3, ""));
        CommitPlan plan = plan();
        assertEquals(Set.of(id(1), id(2)), ids(plan.superfluous()));
        assertEquals(3, plan.transactions());
    }

    @Test
    void whatHeadHoldsElsewhereIsSuperfluousIfWeNamedItAndLeftAloneElse() throws IOException { // G2, T29
        head.add(id(1));
        loose(content(1, ""));
        file("copy.jsonl", 600, false, content(1, ""));
        CommitPlan plan = plan();
        assertEquals(1, plan.superfluous().size());
        assertEquals(List.of(), plan.whole());
    }

    @Test
    void whoBuildsOnWhatWaitsWaits() throws IOException { // G7
        head.add(id(1));
        loose(content(2, "", 1));
        loose(content(4, "", 3)); // 3 is nowhere
        loose(content(5, "", 2, 4));
        loose(content(6, "", 2), content(7, "", 5));
        loose(content(8, "", 6)); // whose file waits
        loose(content(9, "", 2));
        CommitPlan plan = plan();
        assertEquals(
                List.of(id(4), id(5), id(6), id(7), id(8)),
                plan.leftOut().stream().map(CommitResult.LeftOut::transaction).toList());
        assertEquals(Set.of(id(3)), plan.leftOut().get(0).missing());
        assertEquals(Set.of(), plan.leftOut().get(2).missing());
        assertEquals(2, plan.transactions());
    }

    @Test
    void aLongChainThatWaitsIsDecidedInOneGo() throws IOException { // T15, G7
        for (int n = 2; n <= 20_000; n++) {
            loose(content(n, "", n - 1));
        }
        assertEquals(19_999, plan().leftOut().size());
        head.add(id(1));
        assertTrue(plan().leftOut().isEmpty());
    }

    private static Set<TransactionId> ids(List<NewFile> files) {
        Set<TransactionId> ids = new HashSet<>();
        files.forEach(file -> file.transactions().forEach(content -> ids.add(content.id())));
        return ids;
    }
}
