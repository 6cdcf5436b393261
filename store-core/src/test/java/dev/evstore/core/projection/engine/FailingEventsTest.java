package dev.evstore.core.projection.engine;

import static dev.evstore.core.projection.engine.OneStore.at;
import static dev.evstore.core.projection.engine.OneStore.id;
import static dev.evstore.core.projection.engine.OneStore.view;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.EventId;
import dev.evstore.core.projection.ErrorPolicy;
import dev.evstore.core.projection.Order;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionStart;
import dev.evstore.core.projection.UnfoldableEventException;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ProjectionRun;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of events that can't be folded (rules R4, R7). */
class FailingEventsTest {

    private static final NewEvent GARBLED = new Did("k", Did.Does.GARBLE, 0).event();
    private static final NewEvent KEYLESS = new Did("k", Did.Does.LOSE, 0).event();

    private final OneStore one = new OneStore();
    /** Whether handlers of {@link #moody} throw. */
    private boolean moody = true;

    @AfterEach
    void close() {
        one.close();
    }

    private Projection<String> moody(ErrorPolicy policy) {
        return OneStore.byKeys(Projection.named("moody").version(1))
                .initially(() -> Did.NOTHING)
                .on(Did.class, (String state, Did did) -> {
                    if (moody && did.n() >= 100) {
                        throw new IllegalStateException("of secret " + did.n());
                    }
                    return did.fold(state);
                })
                .onError(policy)
                .build();
    }

    private static Set<String> failed(ProjectionRun<?> run) {
        return run.rows().committed().failures().stream()
                .map(failure -> failure.key() + " " + failure.event() + (failure.parked() ? " parked" : ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void R4_stopNamesTheEventAndNothingOfTheBatchIsWritten() { // R4
        one.arrive(at(1, Did.of("x", 1)));
        ProjectionRun<String> run = one.run(moody(ErrorPolicy.STOP));
        assertEquals("- 1", view(run, "x"));
        Transaction failing = at(3, Did.of("x", 3), Did.of("y", 100));
        one.arrive(failing);
        ProjectionFailedException stopped = assertThrows(ProjectionFailedException.class, run::step);
        assertEquals(id(failing, 1).toString(), stopped.where());
        assertEquals("{x=\"- 1\"}", run.rows().seen().views().toString());
    }

    @Test
    void R4_stopInARefoldNamesWhatBroughtItIn() { // R4
        Transaction nine = at(9, Did.of("x", 100));
        moody = false;
        one.arrive(nine);
        ProjectionRun<String> run = one.run(moody(ErrorPolicy.STOP));
        view(run, "x");
        moody = true;
        Transaction late = at(3, Did.of("x", 3));
        one.arrive(late);
        ProjectionFailedException stopped = assertThrows(ProjectionFailedException.class, run::step);
        assertEquals(id(nine, 0).toString(), stopped.where());
        assertTrue(String.valueOf(stopped.getMessage()).contains(id(late, 0).toString()), stopped.getMessage());
    }

    @Test
    void R4_skipAndParkLeaveTheRowAsItWas() { // R4
        Transaction failing = at(3, Did.of("x,y", 100), GARBLED, KEYLESS);
        one.arrive(at(1, Did.of("x", 1)), failing, at(5, Did.of("x", 5)));
        for (ErrorPolicy policy : List.of(ErrorPolicy.SKIP, ErrorPolicy.PARK)) {
            ProjectionRun<String> run = one.run(moody(policy));
            assertEquals("- 1 5", view(run, "x"));
            assertNull(view(run, "y"), "a row that never was");
            String parked = policy == ErrorPolicy.PARK ? " parked" : "";
            assertEquals(
                    Set.of(
                            " " + id(failing, 1) + parked,
                            " " + id(failing, 2) + parked,
                            "x " + id(failing, 0) + parked,
                            "y " + id(failing, 0) + parked),
                    failed(run));
        }
    }

    @Test
    void R4_policiesOfABuildAndOfWhatFollowsAreTwo() { // R4
        one.arrive(at(1, Did.of("x", 1), Did.of("x", 100)));
        Projection<String> strictLater = OneStore.byKeys(Projection.named("two").version(1))
                .initially(() -> Did.NOTHING)
                .onType("Did", (state, event) -> {
                    throw new IllegalStateException();
                })
                .onError(ErrorPolicy.STOP, ErrorPolicy.SKIP)
                .build();
        ProjectionRun<String> run = one.run(strictLater);
        run.catchUp();
        assertEquals(2, run.rows().committed().failures().size());
        one.arrive(at(3, Did.of("x", 3)));
        assertThrows(ProjectionFailedException.class, run::step);
    }

    /** Stops at what fails later; what failed while it was built stays skipped or parked. */
    private Projection<String> strictLater(UnaryOperator<ProjectionStart> rows, ErrorPolicy whileRebuilding) {
        return rows.apply(Projection.named("strict").version(1))
                .initially(() -> Did.NOTHING)
                .on(Did.class, (String state, Did did) -> {
                    if (did.n() >= 100 && !state.endsWith("7")) {
                        throw new IllegalStateException();
                    }
                    return did.fold(state);
                })
                .onError(ErrorPolicy.STOP, whileRebuilding)
                .build();
    }

    @Test
    void R4_whatABuildDecidedOfAFailureStaysWhenItsRowIsFoldedAgain() { // R4
        Transaction failing = at(3, Did.of("x", 100), GARBLED);
        one.arrive(at(1, Did.of("x", 1)), failing, at(5, Did.of("x", 5)));
        for (ErrorPolicy policy : List.of(ErrorPolicy.SKIP, ErrorPolicy.PARK)) {
            for (boolean writtenBefore : new boolean[] {true, false}) {
                for (UnaryOperator<ProjectionStart> rows :
                        List.<UnaryOperator<ProjectionStart>>of(OneStore::byKeys, ProjectionStart::single)) {
                    ProjectionRun<String> run = one.run(strictLater(rows, policy));
                    while (run.step()) {}
                    if (writtenBefore) {
                        run.write();
                        run.crash();
                    }
                    Transaction late = at(2, Did.of("x", 2));
                    one.arrive(late);
                    run.catchUp();
                    assertEquals(
                            Set.of("\"- 1 2 5\""),
                            Set.copyOf(run.rows().committed().views().values()));
                    assertEquals(2, run.rows().committed().failures().size());
                    assertTrue(run.rows().committed().failures().stream()
                            .allMatch(failure -> failure.parked() == (policy == ErrorPolicy.PARK)));
                    one.retract(late);
                    run.catchUp();
                }
            }
        }
    }

    @Test
    void R4_whatABuildDecidedOfAFailureStaysWhenItIsTriedAgain() { // R4
        Transaction failing = at(3, KEYLESS, Did.of("x", 100), GARBLED);
        one.arrive(failing, at(5, Did.of("x", 5)));
        ProjectionRun<String> run = one.run(strictLater(OneStore::byKeys, ErrorPolicy.PARK));
        run.catchUp();
        Set<String> before = failed(run);
        assertEquals(3, before.size());
        for (int twice = 0; twice < 2; twice++) {
            run.again(List.of(id(failing, 0), id(failing, 1), id(failing, 2)), List.of());
        }
        run.write();
        assertEquals(before, failed(run));
        assertEquals("- 5", view(run, "x"));
    }

    @Test
    void R4_whatFailsForTheFirstTimeIsDecidedByThePolicyOfNow() { // R4
        Transaction seven = at(2, Did.of("x", 7));
        Transaction first = at(3, Did.of("x", 100));
        one.arrive(seven, first, at(5, Did.of("x", 5)));
        ProjectionRun<String> run = one.run(strictLater(OneStore::byKeys, ErrorPolicy.SKIP));
        assertEquals("- 7 100 5", view(run, "x"));
        one.retract(seven);
        ProjectionFailedException stopped = assertThrows(ProjectionFailedException.class, run::catchUp);
        assertEquals(id(first, 0).toString(), stopped.where());
        one.arrive(seven);
        run.crash();
        assertEquals("- 7 100 5", view(run, "x"));
        Transaction late = at(1, Did.of("x", 101));
        one.arrive(late);
        stopped = assertThrows(ProjectionFailedException.class, run::catchUp);
        assertEquals(id(late, 0).toString(), stopped.where());
    }

    @Test
    void R4_whatWasSkippedAndComesBackIsDecidedAnew() { // R4, T79
        Transaction failing = at(3, Did.of("x", 100));
        one.arrive(failing, at(5, Did.of("x", 5)));
        for (boolean onOnePage : new boolean[] {true, false}) {
            ProjectionRun<String> run = one.run(strictLater(OneStore::byKeys, ErrorPolicy.SKIP));
            run.catchUp();
            one.retract(failing);
            if (!onOnePage) {
                run.catchUp();
            }
            one.arrive(failing);
            assertThrows(ProjectionFailedException.class, run::catchUp);
        }
    }

    @Test
    void R4_whatFailedIsForgottenWhenItsEventGoes() { // R4
        Transaction failing = at(3, Did.of("x", 100), GARBLED);
        one.arrive(failing, at(1, Did.of("x", 1)));
        ProjectionRun<String> run = one.run(moody(ErrorPolicy.PARK));
        run.catchUp();
        assertEquals(2, failed(run).size());
        one.retract(failing);
        run.catchUp();
        assertEquals(Set.of(), failed(run));
        one.arrive(failing);
        run.catchUp();
        assertEquals(2, failed(run).size());
    }

    @Test
    void R4_aRetryFoldsTheRowAgain() { // R4
        Transaction failing = at(3, Did.of("x", 100), Did.of("x", 101));
        one.arrive(at(1, Did.of("x", 1)), failing, at(5, Did.of("x", 5)));
        ProjectionRun<String> run = one.run(moody(ErrorPolicy.PARK));
        assertEquals("- 1 5", view(run, "x"));
        moody = false;
        run.again(List.of(id(failing, 0)), List.of());
        run.write();
        assertEquals("\"- 1 100 101 5\"", run.rows().committed().views().get("x"));
        assertEquals(Set.of(), failed(run));
    }

    @Test
    void R4_aRetryIsWrittenHoweverLittleMayBeHeld() { // R4, W3
        Transaction failing = at(3, Did.of("x", 100));
        one.arrive(at(1, Did.of("x", 1)), failing);
        ProjectionRun<String> run = one.run(moody(ErrorPolicy.PARK), new EngineLimits(10, 1, 1));
        run.catchUp();
        moody = false;
        run.again(List.of(id(failing, 0)), List.of());
        run.write();
        assertEquals("\"- 1 100\"", run.rows().committed().views().get("x"));
        run.crash();
        assertEquals("\"- 1 100\"", run.rows().committed().views().get("x"));
    }

    @Test
    void R4_aRetryOfOneLeavesWhatElseFailedOfItsTransactionListed() { // R4
        Transaction failing = at(3, GARBLED, KEYLESS, Did.of("x", 100));
        one.arrive(failing);
        ProjectionRun<String> run = one.run(moody(ErrorPolicy.PARK));
        run.catchUp();
        Set<String> before = failed(run);
        assertEquals(3, before.size());
        run.again(List.of(id(failing, 0)), List.of());
        run.write();
        assertEquals(before, failed(run));
    }

    @Test
    void R4_aRetryInTheSingleRowLeavesWhatFailedBeforeIt() { // R4
        Transaction failing = at(300, GARBLED, Did.of("x", 100), Did.of("x", 101));
        one.arrive(IntStream.range(0, 300).mapToObj(k -> at(k, Did.add(k % 9))).toArray(Transaction[]::new));
        one.arrive(failing);
        ProjectionRun<String> run = one.run(OneStore.chain(ProjectionStart::single, ErrorPolicy.PARK));
        run.catchUp();
        Set<String> before = failed(run);
        assertEquals(Set.of(" " + id(failing, 0) + " parked"), before);
        run.again(List.of(id(failing, 2)), List.of());
        run.write();
        assertEquals(before, failed(run));
    }

    @Test
    void R4_whatIsLeftOutDoesNotStopAProjectionAnyMore() { // R4
        Transaction failing = at(3, GARBLED, Did.of("x", 100), KEYLESS);
        one.arrive(at(1, Did.of("x", 1)), failing);
        ProjectionRun<String> run = one.run(moody(ErrorPolicy.STOP));
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            assertThrows(ProjectionFailedException.class, run::catchUp);
            run.crash();
            run.again(List.of(), List.of(id(failing, ordinal)));
            run.write();
        }
        assertEquals("- 1", view(run, "x"));
        assertEquals(Set.of(), failed(run));
        one.arrive(at(2, Did.of("x", 2)));
        assertEquals("- 1 2", view(run, "x"));
    }

    @Test
    void R4_whatIsLeftOutLaterIsTakenOutOfItsRow() { // R4
        Transaction wrong = at(3, Did.of("x", 3));
        one.arrive(at(1, Did.of("x", 1)), wrong, at(5, Did.of("x", 5)));
        ProjectionRun<String> run = one.keyed();
        assertEquals("- 1 3 5", view(run, "x"));
        run.again(List.of(), List.of(id(wrong, 0)));
        run.write();
        assertEquals("\"- 1 5\"", run.rows().committed().views().get("x"));
        run.crash();
        one.arrive(at(2, Did.of("x", 2)));
        assertEquals("- 1 2 5", view(run, "x"));
    }

    @Test
    void S1_whatIsLeftOutIsWrittenWithItsRowFoldedAgain() { // S1, R4
        Transaction wrong = at(3, Did.of("x", 3));
        one.arrive(at(1, Did.of("x", 1)), wrong);
        ProjectionRun<String> run = one.keyed();
        assertEquals("- 1 3", view(run, "x"));
        Set<EventId> leftOut = Set.of(id(wrong, 0));
        run.again(List.of(), leftOut);
        run.freeze();
        run.crash();
        assertEquals(Set.of(), run.rows().committed().excluded());
        assertEquals("\"- 1 3\"", run.rows().committed().views().get("x"));
        run.again(List.of(), leftOut);
        run.write();
        assertEquals(leftOut, run.rows().committed().excluded());
        assertEquals("\"- 1\"", run.rows().committed().views().get("x"));
    }

    @Test
    void S1_whatIsLeftOutOfNoRowIsWritten() { // S1, R4
        Transaction wrong = at(3, Did.of("x", 100));
        one.arrive(at(1, Did.of("x", 1)));
        ProjectionRun<String> run = one.run(moody(ErrorPolicy.STOP));
        assertEquals("- 1", view(run, "x"));
        one.arrive(wrong);
        run.again(List.of(), List.of(id(wrong, 0)));
        assertTrue(run.freeze(), "although no row is changed");
        run.commit();
        run.crash();
        assertEquals("- 1", view(run, "x"));
    }

    @Test
    void R4_aRetryBuildsAnArrivalViewAnew() { // R4, O5
        Transaction some = at(3, Did.of("x", 3));
        one.arrive(some);
        Projection<String> arrivals = OneStore.builder(OneStore::byKeys)
                .order(Order.ARRIVAL)
                .onError(ErrorPolicy.PARK)
                .build();
        ProjectionRun<String> run = one.run(arrivals);
        assertEquals("- 3", view(run, "x"));
        assertThrows(RebuildNeededException.class, () -> run.again(List.of(id(some, 0)), List.of()));
        assertTrue(run.engine().stillFolds("x"), "of an order that nobody else has it can't be told");
    }

    @Test
    void R4_anEventOfANewerFormatFailsInItsPlace() { // R4, V3
        Transaction newer = Foreign.newer(at(3, Did.of("x", 3)));
        one.arrive(at(1, Did.of("x", 1)), newer);
        ProjectionRun<String> single = one.run(OneStore.chain(ProjectionStart::single, ErrorPolicy.PARK));
        assertEquals("- 1", view(single));
        assertEquals(Set.of(" " + id(newer, 0) + " parked"), failed(single));
        ProjectionRun<String> keyed = one.run(moody(ErrorPolicy.SKIP));
        assertEquals("- 1", view(keyed, "x"));
        assertEquals(Set.of(" " + id(newer, 0)), failed(keyed));
    }

    @Test
    void R7_nothingThatIsToldOfAFailureHoldsPayload() { // R7
        one.arrive(at(1, Did.of("x", 100)));
        ProjectionRun<String> parking = one.run(moody(ErrorPolicy.PARK));
        parking.catchUp();
        String told = parking.rows().committed().failures().toString();
        assertFalse(told.contains("secret"), told);
        assertTrue(told.contains("java.lang.IllegalStateException"), told);
        ProjectionRun<String> stopping = one.run(moody(ErrorPolicy.STOP));
        ProjectionFailedException stopped = assertThrows(ProjectionFailedException.class, stopping::catchUp);
        StringWriter log = new StringWriter();
        stopped.printStackTrace(new PrintWriter(log));
        assertFalse(log.toString().contains("secret"), log.toString());
        assertTrue(log.toString().contains("FailingEventsTest"), "but where it was thrown");
    }

    /** But for what is thrown to be told. */
    @Test
    void R7_whyAnEventCanNotBeFoldedIsToldWhereTheHandlerSaysIt() { // R7
        one.arrive(at(1, Did.of("x", 1)));
        Projection<Object> refusing = OneStore.byKeys(
                        Projection.named("refusing").version(1))
                .initially(Object.class, () -> "")
                .on(Did.class, (Object state, Did did) -> {
                    throw new UnfoldableEventException("nobody does that");
                })
                .onError(ErrorPolicy.PARK)
                .build();
        ProjectionRun<Object> run = one.run(refusing);
        run.catchUp();
        assertTrue(run.rows().committed().failures().toString().contains("nobody does that"));
    }

    /** Keys are made of payloads: they are not told either. */
    @Test
    void R7_noRowThatFailsIsToldByItsKey() { // R7, S10
        Transaction last = at(3, Did.of("secret", 3));
        one.arrive(at(1, Did.of("secret", 1)), last);
        Projection<Object> unwritable = OneStore.byKeys(
                        Projection.named("unwritable").version(1))
                .initially(Object.class, () -> "")
                .on(Did.class, (Object state, Did did) -> Double.NaN)
                .build();
        ProjectionFailedException failed = assertThrows(ProjectionFailedException.class, one.run(unwritable)::catchUp);
        assertTrue(failed.where().contains(id(last, 0).toString()), failed.where());
        ProjectionRun<String> run = one.keyed();
        run.catchUp();
        Projection<Integer> otherShape = OneStore.byKeys(
                        Projection.named("chain").version(1))
                .initially(() -> 0)
                .on(Did.class, (Integer state, Did did) -> 0)
                .build();
        Engine<Integer> unreadable = new Engine<>(
                otherShape,
                one.store,
                one.store.canonicalReads(),
                Did.CODEC,
                run.rows(),
                Objects.requireNonNull(run.rows().committed().checkpoint()),
                List.of(),
                OneStore.LIMITS);
        one.arrive(at(5, Did.of("secret", 5)));
        ProjectionFailedException unread = assertThrows(ProjectionFailedException.class, unreadable::step);
        assertTrue(unread.where().contains(id(last, 0).toString()), unread.where());
        for (ProjectionFailedException told : List.of(failed, unread)) {
            StringWriter log = new StringWriter();
            told.printStackTrace(new PrintWriter(log));
            assertFalse((log + told.where()).contains("secret"), log + told.where());
        }
    }

    @Test
    void R4_aMindThatChangedStopsNoCheckOfARow() { // R4, S9
        one.arrive(at(1, Did.of("x", 100)));
        moody = false;
        ProjectionRun<String> run = one.run(moody(ErrorPolicy.STOP));
        run.catchUp();
        assertTrue(run.engine().stillFolds("x"));
        moody = true;
        assertFalse(run.engine().stillFolds("x"));
    }
}
