package dev.evstore.core.projection.engine;

import static dev.evstore.core.projection.engine.OneStore.at;
import static dev.evstore.core.projection.engine.OneStore.id;
import static dev.evstore.core.projection.engine.OneStore.in;
import static dev.evstore.core.projection.engine.OneStore.view;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.EventId;
import dev.evstore.core.projection.ErrorPolicy;
import dev.evstore.core.projection.Order;
import dev.evstore.core.projection.ProjectedEvent;
import dev.evstore.core.projection.ProjectedRedaction;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionBuilder;
import dev.evstore.core.projection.ProjectionStart;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ProjectionRun;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rules of projections that their fold alone can show. */
class ProjectionRulesTest {

    private final OneStore one = new OneStore();

    @AfterEach
    void close() {
        one.close();
    }

    private static Transaction[] many(int n) {
        return IntStream.range(0, n).mapToObj(k -> at(k, Did.add(k))).toArray(Transaction[]::new);
    }

    private Projection<List<EventId>> arrivals() {
        return arrivals(ProjectionStart::single);
    }

    /** Notes every event in the order in which it is told. */
    @SuppressWarnings("unchecked")
    private Projection<List<EventId>> arrivals(UnaryOperator<ProjectionStart> rows) {
        return rows.apply(Projection.named("arrivals").version(1))
                .initially((Class<List<EventId>>) (Class<?>) List.class, List::of)
                .onEvery((state, event) -> {
                    told.add(event.id());
                    return state;
                })
                .order(Order.ARRIVAL)
                .build();
    }

    private final List<EventId> told = new ArrayList<>();

    @Test
    void O1_aBatchHoldsWhatItsCursorHasSeenAndNothingElse() { // O1
        one.arrive(at(1, Did.add(1)));
        ProjectionRun<String> run = one.single();
        while (run.step()) {}
        one.arrive(at(2, Did.add(2)), at(0, Did.add(0)));
        run.write();
        assertEquals("\"- 1\"", run.rows().committed().views().get(""));
        Checkpoint checkpoint = Objects.requireNonNull(run.rows().committed().checkpoint());
        assertEquals(1, checkpoint.cursor().arrivals());
        assertNull(checkpoint.digest(), "that of the store would be another");
        assertEquals("- 0 1 2", view(run));
        assertEquals(
                one.store.digest(),
                Objects.requireNonNull(run.rows().committed().checkpoint()).digest());
    }

    /** Images that are void and not removed yet lie at other events than those made since. */
    @Test
    void O3_ofTwoFoldsInOneBatchTheSecondGoesOnFromNoImageOfBefore() { // O3
        Transaction[] all = many(400);
        one.arrive(all);
        ProjectionRun<String> run = one.single();
        run.catchUp();
        assertTrue(run.rows().committed().images("").containsKey(384L));
        for (int gone : new int[] {380, 381}) {
            one.retract(all[gone - 1]);
            run.step();
        }
        run.write();
        assertEquals(view(one.single()), unquoted(run));
    }

    @Test
    void O3_anImageHasTheEventThatItLiesAt() { // O3
        Transaction[] all = many(400);
        one.arrive(all);
        ProjectionRun<String> run = one.single();
        while (run.step()) {} // nothing is written: the images are those in memory
        one.retract(all[384 - 1]);
        run.catchUp();
        assertEquals(view(one.single()), unquoted(run));
    }

    @Test
    void O4_keysAndHandlersSeeOnlyWhatIsTheSameEverywhere() { // O4
        // What effects give is this replica's; a projection says so by declaring them (E1).
        assertEquals(
                Set.of("id", "stream", "type", "data", "meta", "tags", "origin", "value", "effects"),
                said(ProjectedEvent.class));
        assertEquals(Set.of("id", "stream", "type", "origin"), said(ProjectedRedaction.class));
        Set<Class<?>> given = Arrays.stream(ProjectionBuilder.class.getMethods())
                .filter(method -> method.getName().equals("onRedacted"))
                .map(method -> (ParameterizedType) method.getGenericParameterTypes()[0])
                .map(handler -> (Class<?>) handler.getActualTypeArguments()[1])
                .collect(Collectors.toSet());
        assertEquals(Set.of(ProjectedRedaction.class), given);
    }

    private static Set<String> said(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> !Set.of("equals", "hashCode", "toString").contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void O4_anotherVariantOfATransactionBelongsToItsOwnRows() { // O4, I5
        Transaction a = at(5, Did.of("x", 5));
        Transaction b = at(5, Did.of("y", 5));
        boolean smaller = a.header().trailer().compareTo(b.header().trailer()) < 0;
        one.arrive(at(1, Did.of("x,y", 1)), smaller ? b : a);
        ProjectionRun<String> run = one.keyed();
        run.catchUp();
        one.arrive(smaller ? a : b);
        run.catchUp();
        one.arrive(at(3, Did.of("x,y", 3)));
        run.catchUp();
        assertEquals("- 1 3" + (smaller ? " 5" : ""), view(run, "x"));
        assertEquals("- 1 3" + (smaller ? "" : " 5"), view(run, "y"));
    }

    @Test
    void O5_arrivalOrderIsNotCanonicalAndIsToldOnce() { // O5
        Transaction nine = at(9, Did.add(9));
        one.arrive(nine);
        ProjectionRun<List<EventId>> run = one.run(arrivals());
        run.catchUp();
        one.arrive(at(1, Did.add(1)));
        run.catchUp();
        run.crash();
        run.catchUp();
        assertEquals(List.of(id(nine, 0), id(at(1, Did.add(1)), 0)), told);
        assertEquals(0, run.rebuilds());
    }

    @Test
    void O5_aRetractionBuildsAnArrivalViewAnew() { // O5
        Transaction nine = at(9, Did.add(9));
        one.arrive(nine, at(1, Did.add(1)));
        ProjectionRun<List<EventId>> run = one.run(arrivals());
        run.catchUp();
        one.retract(nine);
        assertThrows(RebuildNeededException.class, () -> run.engine().step());
        told.clear();
        run.rebuild();
        run.catchUp();
        assertEquals(List.of(id(at(1, Did.add(1)), 0)), told);
        one.retract(at(1, Did.add(1)));
        assertFalse(run.freeze(), "and it is not written that all is well");
        assertEquals(2, run.rebuilds());
    }

    @Test
    void O5_anArrivalViewKeepsNoImagesSinceItNeverGoesBack() { // O5
        one.arrive(many(600));
        ProjectionRun<List<EventId>> run = one.run(arrivals(), new EngineLimits(50, 100, 1 << 20));
        run.catchUp();
        assertEquals(600, Objects.requireNonNull(run.rows().row("")).count());
        assertTrue(run.rows().committed().images("").isEmpty());
    }

    @Test
    void O6_redactedEventsArePassedOverAndCounted() { // O6
        Transaction whole = at(2, Did.add(2), Did.of("k", 3));
        one.arrive(at(1, Did.of("k", 1)), whole);
        ProjectionRun<String> single = one.single();
        ProjectionRun<String> keyed = one.keyed();
        assertEquals("- 1 2 3", view(single));
        assertEquals("- 1 3", view(keyed, "k"));
        one.arrive(Foreign.redacted(whole, 1));
        assertEquals("- 1 2", view(single));
        assertEquals("- 1", view(keyed, "k"));
        for (ProjectionRun<String> run : List.of(single, keyed)) {
            assertEquals(
                    1,
                    Objects.requireNonNull(run.rows().committed().checkpoint()).redacted());
            assertEquals(List.of(), run.rows().committed().failures());
        }
    }

    @Test
    void O6_redactedEventsGoToTheirHandlerWhereARowIsKnown() { // O6
        Transaction whole = at(2, Did.of("k", 2));
        one.arrive(at(1, Did.of("k", 1)), Foreign.redacted(whole, 0));
        Projection<String> single = OneStore.builder(ProjectionStart::single)
                .onRedacted((state, event) -> state + " gone")
                .build();
        Projection<String> keyed = OneStore.builder(OneStore::byKeys)
                .onRedacted((state, event) -> state + " gone")
                .build();
        assertEquals("- 1 gone", view(one.run(single)));
        assertEquals("- 1", view(one.run(keyed), "k"));
    }

    @Test
    void O7_aRefoldThatMeetsAMissingFileIsBegunAgain() { // O7
        one.arrive(at(1, Did.add(1)), at(9, Did.add(9)));
        ProjectionRun<String> run = one.single();
        view(run);
        one.arrive(at(5, Did.add(5)));
        int[] reads = {0};
        one.restless.beforeRead = () -> {
            if (reads[0]++ == 1) {
                throw new IllegalStateException("the file is not there");
            }
        };
        assertThrows(IllegalStateException.class, run::step);
        run.crash();
        assertEquals("- 1 5 9", view(run));
    }

    @Test
    void S1_afterACrashNoPartOfABatchIsThere() { // S1
        EngineLimits tiny = new EngineLimits(3, 1, 1 << 20);
        ProjectionRun<String> run = one.run(OneStore.chain(OneStore::byKeys, ErrorPolicy.STOP), tiny);
        run.catchUp();
        one.arrive(at(1, Did.of("x,y,z", 1)));
        run.step();
        assertTrue(run.rows().parts() > 0);
        assertFalse(run.rows().seen().views().isEmpty());
        run.crash();
        assertTrue(run.rows().seen().views().isEmpty());
        assertTrue(run.rows().seen().members().isEmpty());
        run.catchUp();
        assertEquals(
                "{x=\"- 1\", y=\"- 1\", z=\"- 1\"}",
                run.rows().committed().views().toString());
    }

    @Test
    void W3_onlyWithinAPageIsAPartWrittenAndItIsEndedNext() { // W3, R5
        ProjectionRun<List<EventId>> arrivals =
                one.run(arrivals(ProjectionStart::perStream), new EngineLimits(10, 2, 1 << 20));
        ProjectionRun<String> keyed =
                one.run(OneStore.chain(OneStore::byKeys, ErrorPolicy.STOP), new EngineLimits(10, 4, 1 << 20));
        arrivals.catchUp();
        keyed.catchUp();
        one.arrive(at(1, Did.of("x", 1)), in("b", 2, Did.of("x", 2)));
        arrivals.step();
        assertTrue(arrivals.engine().full());
        assertEquals(0, arrivals.rows().parts(), "the host can write all of it");
        keyed.catchUp();
        assertEquals(0, keyed.rows().parts());
        one.arrive(at(3, Did.of("x,y,z,u,v", 3)));
        keyed.step();
        assertTrue(keyed.rows().parts() > 0);
        assertTrue(keyed.engine().full(), "what was begun is to be ended");
        keyed.write();
        assertFalse(keyed.engine().full());
    }

    @Test
    void S3_anIdleRowHoldsBackNoCursor() { // S3
        one.arrive(in("idle", 1, Did.add(1)));
        ProjectionRun<List<EventId>> run = one.run(arrivals(ProjectionStart::perStream));
        run.catchUp();
        one.arrive(in("busy", 2, Did.add(2)), in("busy", 3, Did.add(3)));
        run.catchUp();
        assertEquals(
                one.store.feedEnd(),
                Objects.requireNonNull(run.rows().committed().checkpoint()).cursor());
        run.crash();
        told.clear();
        run.catchUp();
        assertEquals(List.of(), told, "nothing is given again, to none of them");
    }

    @Test
    void S5_itGoesOnExactlyAfterWhatItReflects() { // S5, R5
        one.arrive(many(10));
        ProjectionRun<List<EventId>> run = one.run(arrivals(), new EngineLimits(3, 100, 1 << 20));
        run.step();
        run.write();
        run.step();
        run.freeze();
        run.crash();
        told.clear();
        run.catchUp();
        assertEquals(IntStream.range(3, 10).mapToObj(k -> id(many(10)[k], 0)).toList(), told);
        assertEquals(10, Objects.requireNonNull(run.rows().row("")).count());
    }

    @Test
    void S6_noResultDependsOnWherePagesEnd() { // S6
        one.arrive(many(40));
        Transaction[] late = IntStream.range(0, 20)
                .mapToObj(k -> in("b", 2 * k + 1, Did.add(100 + k)))
                .toArray(Transaction[]::new);
        Set<String> results = new TreeSet<>();
        List<ProjectionRun<String>> runs = new ArrayList<>();
        for (int page : new int[] {1, 2, 3, 7, 1_000}) {
            ProjectionRun<String> run = one.run(
                    OneStore.chain(ProjectionStart::single, ErrorPolicy.STOP), new EngineLimits(page, 100, 1 << 20));
            run.catchUp();
            runs.add(run);
        }
        one.arrive(late);
        one.retract(many(40)[7], many(40)[30]);
        runs.forEach(run -> results.add(String.valueOf(view(run))));
        results.add(String.valueOf(view(one.single())));
        assertEquals(1, results.size());
    }

    @Test
    void R1_aBuildTakesUpWhereItWasAndFollowsFromItsStart() { // R1, R5
        one.arrive(many(10));
        List<Integer> given = new ArrayList<>();
        Projection<Integer> counting = Projection.named("count")
                .version(1)
                .single()
                .initially(() -> 0)
                .on(Did.class, (Integer n, Did did) -> {
                    given.add(did.n());
                    return n + 1;
                })
                .build();
        ProjectionRun<Integer> run = one.run(counting, new EngineLimits(3, 100, 1 << 20));
        run.step();
        run.write();
        Checkpoint interim = Objects.requireNonNull(run.rows().committed().checkpoint());
        assertTrue(interim.building());
        assertEquals(id(many(10)[2], 0), interim.place());
        assertEquals(3, interim.passed());
        assertEquals(10, interim.total());
        one.arrive(at(-5, Did.add(50)), at(60, Did.add(60)));
        one.retract(many(10)[1], many(10)[8]);
        run.step();
        run.crash();
        given.clear();
        while (run.engine().step() && !run.engine().atEnd()) {
            if (given.size() == 6) {
                break;
            }
        }
        assertEquals(List.of(3, 4, 5, 6, 7, 9), given, "each once, and nothing that came later");
        run.catchUp();
        assertEquals("10", run.rows().committed().views().get(""), "10 and 2 that came, without 2 that went");
    }

    @Test
    void U2_setDeleteSetIsUndoneToDeleted() { // U2
        Transaction set = at(1, Did.of("k", 1));
        Transaction delete = at(2, new Did("k", Did.Does.DELETE, 0).event());
        Transaction again = at(3, Did.of("k", 3));
        one.arrive(set, delete, again);
        ProjectionRun<String> run = one.keyed();
        assertEquals("- 3", view(run, "k"));
        one.retract(again);
        assertNull(view(run, "k"), "deleted");
        one.retract(delete);
        assertEquals("- 1", view(run, "k"), "the undo of a deletion");
        one.arrive(delete, again);
        assertEquals("- 3", view(run, "k"), "the undo of the undo");
        one.retract(set, delete, again);
        assertNull(view(run, "k"), "created, and now it is not");
        assertTrue(run.rows().committed().rows().isEmpty());
        one.arrive(set);
        one.retract(set);
        run.catchUp();
        assertTrue(run.rows().committed().rows().isEmpty(), "an undo with nothing to do");
    }

    @Test
    void U3_anUndoThatWasInterruptedIsTakenUpOnce() { // U3
        Transaction[] all = many(20);
        one.arrive(all);
        ProjectionRun<String> run =
                one.run(OneStore.chain(ProjectionStart::single, ErrorPolicy.STOP), new EngineLimits(2, 100, 1 << 20));
        String before = view(run);
        one.retract(Arrays.copyOfRange(all, 10, 20));
        run.step();
        run.freeze();
        run.step();
        run.crash();
        assertEquals(before, unquoted(run));
        one.arrive(Arrays.copyOfRange(all, 10, 20));
        run.step();
        run.crash();
        assertEquals(before, view(run));
    }

    private static String unquoted(ProjectionRun<?> run) {
        String json = String.valueOf(run.rows().committed().views().get(""));
        return json.substring(1, json.length() - 1);
    }
}
