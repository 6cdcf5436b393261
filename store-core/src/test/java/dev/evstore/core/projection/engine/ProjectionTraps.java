package dev.evstore.core.projection.engine;

import static dev.evstore.core.projection.engine.OneStore.at;
import static dev.evstore.core.projection.engine.OneStore.in;
import static dev.evstore.core.projection.engine.OneStore.view;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.projection.ErrorPolicy;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionStart;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ProjectionRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What bit others who fold events into views, as far as the fold alone can be bitten. */
class ProjectionTraps {

    private final OneStore one = new OneStore();

    @AfterEach
    void close() {
        one.close();
    }

    private static Projection<Integer> counting() {
        return Projection.named("count")
                .version(1)
                .single()
                .initially(() -> 0)
                .on(Did.class, (Integer n, Did did) -> n + 1)
                .build();
    }

    @Test
    void T38_aPageIsNotTheTotal() { // T38, S6
        EngineLimits pages = new EngineLimits(1_000, 100, 1 << 20);
        for (int unapplied : new int[] {1_001, 2_500}) {
            try (OneStore fresh = new OneStore()) {
                ProjectionRun<Integer> run = fresh.run(counting(), pages);
                run.catchUp();
                fresh.arrive(IntStream.range(0, unapplied)
                        .mapToObj(k -> at(k, Did.add(k)))
                        .toArray(Transaction[]::new));
                fresh.append(Did.add(1));
                run.catchUp();
                assertEquals(
                        Integer.toString(unapplied + 1),
                        run.rows().committed().views().get(""));
            }
        }
    }

    @Test
    void T39_theCursorNeverPassesWhatWasNotApplied() { // T39, S1
        one.arrive(at(1, Did.add(1)), at(2, Did.failing()));
        ProjectionRun<String> run = one.single();
        assertThrows(ProjectionFailedException.class, run::catchUp);
        assertNull(run.rows().committed().checkpoint());
        one.retract(at(2, Did.failing()));
        run.crash();
        assertEquals("- 1", view(run));
    }

    @Test
    void T40_noCheckpointIsNotZero() { // T40, S7
        ProjectionRun<String> run = one.single();
        assertNull(run.rows().committed().checkpoint());
        run.catchUp();
        Checkpoint empty = Objects.requireNonNull(run.rows().committed().checkpoint());
        assertFalse(empty.building());
        assertEquals(one.store.feedEnd(), empty.cursor(), "of this index, not of any");
        assertFalse(empty.cursor().isBeginning());
    }

    @Test
    void T44_aStateFromBeforeAMergeIsNotGoneOnWith() { // T44, O2
        one.arrive(at(1, Did.add(1)), at(9, Did.add(9)));
        ProjectionRun<String> run = one.single();
        assertEquals("- 1 9", view(run));
        one.arrive(at(5, Did.add(5)), at(10, Did.add(10)));
        run.crash();
        assertEquals("- 1 5 9 10", view(run));
    }

    @Test
    void T45_resolutionAndDivergedEventsInEitherOrderGiveOneView() { // T45, O1
        Transaction mine = Foreign.at(1).onto("a").event("a", Did.add(1)).build();
        Transaction theirs = Foreign.at(2).onto("a").event("a", Did.add(2)).build();
        Transaction merge = Foreign.merge("a", List.of(mine, theirs), Did.add(3));
        List<Transaction> arriving = new ArrayList<>(List.of(mine, theirs, merge));
        for (int k = 0; k < 6; k++) {
            try (OneStore fresh = new OneStore()) {
                ProjectionRun<String> run = fresh.single();
                for (Transaction transaction : arriving) {
                    fresh.arrive(transaction);
                    view(run);
                }
                assertEquals("- 1 2 3", view(run), arriving::toString);
            }
            Collections.swap(arriving, k % 2, 1 + k % 2);
        }
    }

    @Test
    void T54_lateInNoStreamButOutOfOrderForARow() { // T54, O2
        one.arrive(in("b", 9, Did.of("k", 9)));
        ProjectionRun<String> run = one.keyed();
        assertEquals("- 9", view(run, "k"));
        one.arrive(in("c", 3, Did.of("k", 3)));
        assertEquals("- 3 9", view(run, "k"));
    }

    @Test
    void T77_eachEventOfABatchIsAppliedOnceInItsPlace() { // T77, O2
        one.arrive(at(9, Did.add(9)));
        ProjectionRun<String> run = one.single();
        assertEquals("- 9", view(run));
        one.arrive(at(10, Did.add(10)));
        one.arrive(at(7, Did.add(7)));
        one.arrive(at(12, Did.add(12)));
        run.step();
        run.write();
        assertEquals("- 7 9 10 12", view(run));
        assertEquals(4, Objects.requireNonNull(run.rows().row("")).count());
    }

    @Test
    void T77_aBatchOutOfOrderIsAppliedInOrderToARowThatIsNew() { // T77, O2
        ProjectionRun<String> run = one.keyed();
        view(run, "k");
        one.arrive(at(10, Did.of("k", 10)));
        one.arrive(at(7, Did.of("k", 7)));
        one.arrive(at(12, Did.of("k", 12)));
        assertEquals("- 7 10 12", view(run, "k"));
    }

    @Test
    void T78_aLateEventFindsItsPlaceInARowThatWasDeleted() { // T78, O2
        one.arrive(at(8, Did.add(8)), at(9, Did.delete()));
        ProjectionRun<String> run = one.single();
        assertNull(view(run));
        one.arrive(at(7, Did.add(7)));
        assertNull(view(run), "what came before the deletion is deleted");
        run.crash();
        one.arrive(at(10, Did.add(10)));
        assertEquals("- 10", view(run));
        one.retract(at(9, Did.delete()));
        assertEquals("- 7 8 10", view(run));
    }

    @Test
    void T78_aRowWithoutEventsIsForgotten() { // T78, O2
        Transaction only = at(9, Did.delete());
        one.arrive(only);
        ProjectionRun<String> run = one.single();
        assertNull(view(run));
        assertNotNull(run.rows().row(""), "its mark stays as long as an event does");
        one.retract(only);
        assertNull(view(run));
        assertNull(run.rows().row(""));
        one.arrive(at(3, Did.add(3)));
        assertEquals("- 3", view(run));
    }

    @Test
    void T78_aRejectedEventIsTriedAgainWhenAnEarlierOneComes() { // T78, R4
        NewEvent picky = new Did("", Did.Does.PICK, 5).event();
        ProjectionRun<String> run = one.run(OneStore.chain(ProjectionStart::single, ErrorPolicy.PARK));
        int firstEven = IntStream.range(0, 100)
                .filter(n -> Did.chain(Did.NOTHING, Integer.toString(n)).hashCode() % 2 == 0)
                .findFirst()
                .orElseThrow();
        one.arrive(at(4, Did.add(firstEven)), at(5, picky));
        assertEquals("- " + firstEven, view(run));
        assertEquals(1, run.rows().committed().failures().size());
        int makesItOdd = IntStream.range(0, 100)
                .filter(n -> Did.chain(Did.chain(Did.NOTHING, Integer.toString(n)), Integer.toString(firstEven))
                                        .hashCode()
                                % 2
                        != 0)
                .findFirst()
                .orElseThrow();
        one.arrive(at(3, Did.add(makesItOdd)));
        assertEquals("- " + makesItOdd + " " + firstEven + " picked 5", view(run));
        assertEquals(List.of(), run.rows().committed().failures());
    }

    @Test
    void T79_retractionAndReturnOnOnePage() { // T79, O2
        Transaction middle = at(5, Did.of("k", 5));
        one.arrive(at(1, Did.of("k", 1)), middle, at(9, Did.of("k", 9)));
        for (ProjectionRun<String> run : List.of(one.single(), one.keyed())) {
            run.catchUp();
            one.retract(middle);
            one.arrive(middle);
            run.step();
            run.write();
            run.catchUp();
            assertEquals(
                    List.of("\"- 1 5 9\""),
                    List.copyOf(run.rows().committed().views().values()));
        }
        one.retract(middle);
        ProjectionRun<String> after = one.keyed();
        assertEquals("- 1 9", view(after, "k"));
    }

    @Test
    void T80_theStoreMovesBetweenPageAndRefold() { // T80, O1
        Transaction five = at(5, Did.of("x,y", 5));
        Transaction six = at(6, Did.of("x,y", 6));
        one.arrive(at(1, Did.of("x,y", 1)), five, six);
        ProjectionRun<String> run = one.keyed();
        view(run, "x");
        one.arrive(at(3, Did.of("x", 3)));
        one.restless.beforeRead = once(1, () -> one.retract(five));
        run.step();
        one.restless.beforeRead = once(2, () -> one.retract(six)); // when x is folded, and y is not
        run.write();
        one.restless.beforeRead = () -> {};
        assertEquals("{x=\"- 1 3\", y=\"- 1\"}", run.rows().committed().views().toString(), "no batch is half of each");
    }

    @Test
    void T80_whatComesBetweenPageAndRefoldWaitsForItsOwnPage() { // T80, O1
        one.arrive(at(1, Did.add(1)), at(9, Did.add(9)));
        ProjectionRun<String> run = one.single();
        view(run);
        one.arrive(at(5, Did.add(5)));
        one.restless.beforeRead = once(1, () -> one.arrive(at(4, Did.add(4)), at(10, Did.add(10))));
        run.step();
        run.write();
        one.restless.beforeRead = () -> {};
        assertEquals("\"- 1 5 9\"", run.rows().committed().views().get(""));
        assertEquals("- 1 4 5 9 10", view(run));
    }

    /** Something that happens before the read of that number, from 0. */
    private static Runnable once(int read, Runnable what) {
        int[] reads = {0};
        return () -> {
            if (reads[0]++ == read) {
                what.run();
            }
        };
    }

    @Test
    void T81_aCheckoutThatOnlyRetractsIsWritten() { // T81, O1
        Transaction last = at(9, Did.add(9));
        one.arrive(at(1, Did.add(1)), last);
        ProjectionRun<String> run = one.single();
        view(run);
        one.retract(last);
        assertEquals("- 1", view(run));
        one.arrive(last);
        view(run);
        one.retract(last);
        assertTrue(run.freeze(), "even where nobody has read a page");
        run.commit();
        assertEquals("\"- 1\"", run.rows().committed().views().get(""));
    }

    @Test
    void T82_aMillionRetractionsAtOnceAreTakenInBoundedMemory() { // T82, W3
        int transactions = 2_000;
        EngineLimits tight = new EngineLimits(50, 100, 1 << 20);
        Transaction[] all = IntStream.range(0, transactions)
                .mapToObj(k -> at(k, Did.of("k" + k % 7, k)))
                .toArray(Transaction[]::new);
        one.arrive(all);
        ProjectionRun<String> run = one.run(OneStore.chain(OneStore::byKeys, ErrorPolicy.STOP), tight);
        run.catchUp();
        one.retract(all);
        assertTrue(run.freeze(), "in one batch, since no part of it is a fold of what is visible");
        run.commit();
        assertEquals("{}", run.rows().committed().views().toString());
        assertEquals("{}", run.rows().committed().members().toString());
        // Of a page, each transaction is a member that left, one whose failures are void, and at most a row.
        int most = tight.changes() + 3 * tight.page();
        assertTrue(run.rows().largest() <= most, () -> run.rows().largest() + " at once");
    }

    @Test
    void T84_aLambdaThatWasEditedWithoutANewVersionIsFound() { // T84, S9
        one.arrive(at(1, Did.of("k", 1)), at(2, Did.of("k", 2)));
        for (boolean keyed : new boolean[] {false, true}) {
            Projection<String> before =
                    OneStore.chain(keyed ? OneStore::byKeys : ProjectionStart::perStream, ErrorPolicy.STOP);
            ProjectionRun<String> run = one.run(before);
            String key = keyed ? "k" : "a";
            view(run, key);
            assertTrue(run.engine().stillFolds(key));
            Projection<String> edited = (keyed
                            ? OneStore.byKeys(Projection.named("chain").version(1))
                            : Projection.named("chain").version(1).perStream())
                    .initially(() -> Did.NOTHING)
                    .on(Did.class, (state, did) -> did.fold(state + "!"))
                    .build();
            assertEquals(before.fingerprint(Did.CODEC), edited.fingerprint(Did.CODEC), "it can't be seen");
            Checkpoint written = Objects.requireNonNull(run.rows().committed().checkpoint());
            Engine<String> engine = new Engine<>(
                    edited,
                    one.store,
                    one.store.canonicalReads(),
                    Did.CODEC,
                    run.rows(),
                    written,
                    List.of(),
                    OneStore.LIMITS);
            assertFalse(engine.stillFolds(key));
            one.retract(at(2, Did.of("k", 2)));
            assertTrue(engine.stillFolds(key), "while events are gone that it has, it can't be told");
            one.arrive(at(2, Did.of("k", 2)));
        }
    }
}
