package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.ReconcileReport.Why;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.Origin;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.Branch;
import dev.evstore.core.reconcile.ForkContext;
import dev.evstore.core.reconcile.ForkMovedException;
import dev.evstore.core.reconcile.ForkReads;
import dev.evstore.core.reconcile.ForkedStream;
import dev.evstore.core.reconcile.Resolution;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a resolver is shown of a fork (rules F4, F5, M2). */
public abstract class ForkContextContract extends StoreContract {

    private static final ReplicaId BERT = new ReplicaId(new UUID(7, 7));

    private TransactionId append(String stream, String type) {
        return store().append(stream(stream), ExpectedVersion.current(), event(type))
                .transaction();
    }

    /** Has a look, and leaves everything as it is; what goes wrong in it fails the test. */
    private void look(Consumer<ForkContext> at) {
        ReconcileReport report = store().reconcile(
                        fork -> {
                            at.accept(fork);
                            return Resolution.unresolvable("looked at");
                        },
                        ReconcileOptions.all());
        report.unresolved().forEach(one -> assertEquals(Why.UNRESOLVABLE, one.why(), one::reason));
        assertEquals(1, report.unresolved().size());
    }

    private static List<String> words(Iterable<StoredEvent> events) {
        List<String> words = new ArrayList<>();
        events.forEach(event -> words.add(event.version() + " " + event.type()));
        return words;
    }

    @Test
    void T2_allOfABranchOfThreeIsShownBesideABranchOfOne() { // T2, F4
        TransactionId base = append("a", "Base");
        append("a", "A1");
        append("a", "A2");
        append("a", "A3");
        arrive(Foreign.at(60_000).by(BERT).onto("a", base).event("a", "B1").build());
        look(fork -> {
            ForkedStream stream = fork.stream(stream("a"));
            assertEquals(1, stream.ancestorVersion());
            assertEquals(List.of("1 Base"), words(stream.ancestor()));
            List<Branch> branches = stream.branches();
            assertEquals(List.of("2 A1", "3 A2", "4 A3"), words(branches.get(0).events()));
            assertEquals(List.of("5 B1"), words(branches.get(1).events()));
            assertEquals(3, branches.get(0).transactions().size());
            assertEquals(BERT, origin(branches.get(1).head().origin()).replica());
            assertEquals(
                    store().replica(),
                    origin(branches.get(0).transactions().get(1).origin()).replica());
            assertEquals(List.of(base), branches.get(1).head().supersedes());
            assertEquals(List.of(), stream.shared());
        });
    }

    private static Origin origin(@Nullable Origin origin) {
        return Objects.requireNonNull(origin);
    }

    @Test
    void whatTwoOfThreeHeadsReachIsShownOnceWithThem() { // F4
        Transaction root = Foreign.at(1).onto("a").event("a", "Root").build();
        Transaction left =
                Foreign.at(2).onto("a", root.header().id()).event("a", "Left").build();
        Transaction one =
                Foreign.at(3).onto("a", left.header().id()).event("a", "One").build();
        Transaction two =
                Foreign.at(4).onto("a", left.header().id()).event("a", "Two").build();
        Transaction right =
                Foreign.at(5).onto("a", root.header().id()).event("a", "Right").build();
        arrive(root, left, one, two, right);
        look(fork -> {
            ForkedStream stream = fork.streams().get(0);
            assertEquals(1, stream.shared().size());
            assertEquals(
                    Set.of(one.header().id(), two.header().id()),
                    stream.shared().get(0).reachedBy());
            assertEquals(
                    List.of("2 Left", "3 One"), words(stream.branches().get(0).events()));
            assertEquals(
                    List.of("2 Left", "4 Two"), words(stream.branches().get(1).events()));
            assertEquals(List.of("5 Right"), words(stream.branches().get(2).events()));
            assertEquals(4, stream.divergent().size());
        });
    }

    @Test
    void freeEventsAreApartAndMoveNoVersion() { // F4, M2
        TransactionId base = append("a", "Base");
        store().append(stream("a"), ExpectedVersion.any(), event("Noted"));
        append("a", "Mine");
        arrive(Foreign.at(60_000).onto("a", base).event("a", "Theirs").build());
        store().append(stream("a"), ExpectedVersion.any(), event("NotedToo"));
        look(fork -> {
            ForkedStream stream = fork.streams().get(0);
            assertEquals(List.of("1 Base"), words(stream.ancestor()));
            assertEquals(List.of("2 Mine"), words(stream.branches().get(0).events()));
            assertEquals(List.of("3 Theirs"), words(stream.branches().get(1).events()));
            assertEquals(List.of("1 Noted", "2 NotedToo"), words(stream.free()));
        });
    }

    @Test
    void ofATransactionOverSeveralStreamsEachStreamShowsItsOwnEvents() { // F5
        append("a", "Mine");
        append("b", "Mine");
        arrive(Foreign.at(60_000)
                .onto("a")
                .onto("b")
                .event("a", "InA")
                .event("b", "InB")
                .event("a", "InAToo")
                .build());
        look(fork -> {
            assertEquals(2, fork.streams().size());
            assertEquals(
                    List.of("2 InA", "3 InAToo"),
                    words(fork.stream(stream("a")).branches().get(1).events()));
            assertEquals(
                    List.of("2 InB"),
                    words(fork.stream(stream("b")).branches().get(1).events()));
            assertThrows(IllegalArgumentException.class, () -> fork.stream(stream("c")));
        });
    }

    @Test
    void longHistoriesAreReadInPages() { // F4
        int many = ForkReads.PAGE + 3;
        NewEvent[] base = new NewEvent[many];
        NewEvent[] mine = new NewEvent[many];
        for (int k = 0; k < many; k++) {
            base[k] = NewEvent.of("Added", String.valueOf(k));
            mine[k] = NewEvent.of("Added", "1");
        }
        TransactionId first =
                store().append(stream("a"), ExpectedVersion.current(), base).transaction();
        store().append(stream("a"), ExpectedVersion.current(), mine);
        store().append(stream("a"), ExpectedVersion.current(), mine);
        arrive(Foreign.at(60_000).onto("a", first).event("a", "Theirs").build());
        look(fork -> {
            ForkedStream stream = fork.streams().get(0);
            assertEquals(many, stream.<Integer>foldAncestor(0, (n, event) -> n + 1));
            Branch branch = stream.branches().get(0);
            assertEquals(3L * many, branch.<Long>fold((long) many, (n, event) -> {
                assertEquals(n + 1, event.version().value());
                return n + 1;
            }));
        });
    }

    @Test
    void whatIsTakenAwayWhileItIsReadIsAskedAboutAgain() {
        TransactionId base = append("a", "Base");
        append("a", "Mine");
        Transaction theirs =
                Foreign.at(60_000).onto("a", base).event("a", "Theirs").build();
        arrive(theirs);
        AtomicReference<Throwable> seen = new AtomicReference<>();
        ReconcileReport report = store().reconcile(
                        fork -> {
                            Iterator<StoredEvent> events = fork.streams()
                                    .get(0)
                                    .branches()
                                    .get(1)
                                    .events()
                                    .iterator();
                            retract(theirs.header().id());
                            try {
                                events.next();
                            } catch (ForkMovedException e) {
                                seen.set(e);
                                throw e;
                            }
                            return Resolution.canonicalOrder();
                        },
                        ReconcileOptions.all());
        assertNotNull(seen.get());
        assertEquals(new ReconcileReport(List.of(), List.of()), report, "nothing is forked any more");
    }
}
