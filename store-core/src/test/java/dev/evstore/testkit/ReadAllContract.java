package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.StoredTransaction;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.EventType;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Reading across streams: the whole store in canonical order, its log, single transactions and events (rule I3). */
public abstract class ReadAllContract extends StoreContract {

    /** More than any page holds. */
    private static final int MANY = 2_500;

    private static final NewEvent[] MANY_EVENTS = IntStream.range(0, MANY)
            .mapToObj(n -> NewEvent.of("N", Integer.toString(n)))
            .toArray(NewEvent[]::new);

    private static <T> List<T> all(Iterable<T> read) {
        List<T> all = new ArrayList<>();
        read.forEach(all::add);
        return all;
    }

    private List<String> read(ReadAllOptions options) {
        return all(store().readAll(options)).stream().map(e -> e.type().value()).toList();
    }

    private EventId id(String type) {
        return all(store().readAll(ReadAllOptions.forwards())).stream()
                .filter(e -> e.type().value().equals(type))
                .findFirst()
                .orElseThrow()
                .id();
    }

    /** Three transactions of two streams that arrive in another order than theirs: A B, C, D E F. */
    private void threeTransactions() {
        arrive(Foreign.at(3)
                .onto("x")
                .onto("y")
                .event("y", "D")
                .event("x", "E")
                .event("y", "F")
                .build());
        arrive(Foreign.at(1).free("x").event("x", "A").event("x", "B").build());
        arrive(Foreign.at(2).free("y").event("y", "C").build());
    }

    @Test
    void theWholeIsReadInCanonicalOrderWhateverArrivedFirst() { // I3, I4
        threeTransactions();
        assertEquals(List.of("A", "B", "C", "D", "E", "F"), read(ReadAllOptions.forwards()));
        assertEquals(List.of("F", "E", "D", "C", "B", "A"), read(ReadAllOptions.fromTheEnd()));
        assertEquals(
                List.of(1L, 2L, 1L, 2L, 3L, 3L),
                all(store().readAll(ReadAllOptions.forwards())).stream()
                        .map(e -> e.version().value())
                        .toList());
    }

    @Test
    void anEmptyStoreHasNothing() {
        assertEquals(List.of(), read(ReadAllOptions.forwards()));
        assertEquals(List.of(), read(ReadAllOptions.fromTheEnd()));
        assertEquals(List.of(), all(store().readLog(null)));
    }

    @Test
    void aReadGoesOnBehindAnyEvent() {
        threeTransactions();
        assertEquals(
                List.of("E", "F"), read(ReadAllOptions.forwards().after(id("D"))), "in the middle of a transaction");
        assertEquals(List.of("C", "D", "E", "F"), read(ReadAllOptions.forwards().after(id("B"))));
        assertEquals(
                List.of("D", "C", "B", "A"), read(ReadAllOptions.fromTheEnd().after(id("E"))));
        assertEquals(List.of("A"), read(ReadAllOptions.fromTheEnd().after(id("B"))));
        assertEquals(List.of(), read(ReadAllOptions.forwards().after(id("F"))));
        assertEquals(List.of(), read(ReadAllOptions.fromTheEnd().after(id("A"))));
    }

    @Test
    void thePlaceToGoOnFromNeedNotBeHere() {
        threeTransactions();
        EventId between = new EventId(Foreign.id(ManualClock.START.toEpochMilli() + 2, 9), 7);
        assertEquals(List.of("D", "E", "F"), read(ReadAllOptions.forwards().after(between)));
        assertEquals(List.of("C", "B", "A"), read(ReadAllOptions.fromTheEnd().after(between)));
        EventId beyond = new EventId(id("C").transaction(), 4095);
        assertEquals(List.of("D", "E", "F"), read(ReadAllOptions.forwards().after(beyond)));
    }

    @Test
    void filtersApplyBeforeTheLimit() {
        threeTransactions();
        assertEquals(
                List.of("C", "D"),
                read(ReadAllOptions.forwards().filter(EventFilter.prefix("y")).limit(2)));
        assertEquals(
                List.of("E"),
                read(ReadAllOptions.fromTheEnd()
                        .filter(EventFilter.all().withTypes(EventType.of("A"), EventType.of("E")))
                        .limit(1)));
        assertEquals(List.of(), read(ReadAllOptions.forwards().filter(EventFilter.glob("z*"))));
        assertEquals(
                List.of(),
                read(ReadAllOptions.forwards().filter(EventFilter.all().withTags("t"))));
        assertThrows(
                IllegalArgumentException.class, () -> ReadAllOptions.forwards().limit(0));
    }

    @Test
    void aLongReadIsReadInPagesThatFitTogether() {
        store().append(Append.to(stream("a"), ExpectedVersion.noStream(), MANY_EVENTS));
        for (int i = 0; i < 20; i++) {
            store().append(stream("b"), ExpectedVersion.current(), event("B"));
        }
        List<StoredEvent> forwards = all(store().readAll(ReadAllOptions.forwards()));
        assertEquals(MANY + 20, forwards.size());
        assertEquals(forwards, sorted(forwards));
        List<StoredEvent> backwards = new ArrayList<>(all(store().readAll(ReadAllOptions.fromTheEnd())));
        Collections.reverse(backwards);
        assertEquals(forwards, backwards);
        assertEquals(
                forwards.subList(0, MANY - 1),
                all(store().readAll(ReadAllOptions.forwards().limit(MANY - 1))));
    }

    private static List<StoredEvent> sorted(List<StoredEvent> events) {
        return events.stream()
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .distinct()
                .toList();
    }

    @Test
    void aLongReadMeetsWhatComesAheadOfItAndNotWhatComesBehind() {
        store().append(Append.to(stream("a"), ExpectedVersion.noStream(), MANY_EVENTS));
        Iterator<StoredEvent> forwards =
                store().readAll(ReadAllOptions.forwards()).iterator();
        Iterator<StoredEvent> backwards =
                store().readAll(ReadAllOptions.fromTheEnd()).iterator();
        forwards.next();
        backwards.next();
        arrive(Foreign.at(-5).free("late").event("late", "Late").build());
        arrive(Foreign.at(50_000).free("new").event("new", "New").build());
        List<String> rest = types(forwards);
        assertTrue(rest.contains("New"), "ahead of it");
        assertFalse(rest.contains("Late"), "the side already read");
        rest = types(backwards);
        assertTrue(rest.contains("Late"), "ahead of it");
        assertFalse(rest.contains("New"), "the side already read");
    }

    @Test
    void aLongReadGoesOnWhenWhatItReadIsGone() {
        TransactionId gone = store().append(Append.to(stream("a"), ExpectedVersion.noStream(), MANY_EVENTS))
                .transaction();
        store().append(stream("b"), ExpectedVersion.current(), event("Next"));
        Iterator<StoredEvent> read = store().readAll(ReadAllOptions.forwards()).iterator();
        read.next();
        retract(gone);
        List<String> rest = types(read);
        assertEquals("Next", rest.get(rest.size() - 1));
        assertTrue(rest.size() < MANY, "what was not read yet is not given any more");
    }

    private static List<String> types(Iterator<StoredEvent> rest) {
        List<String> types = new ArrayList<>();
        rest.forEachRemaining(e -> types.add(e.type().value()));
        return types;
    }

    @Test
    void everyIteratorReadsAnewAndEndsProperly() {
        threeTransactions();
        Iterable<StoredEvent> read = store().readAll(ReadAllOptions.forwards().limit(3));
        assertEquals(3, all(read).size());
        assertEquals(3, StreamSupport.stream(read.spliterator(), false).count());
        Iterator<StoredEvent> ended = read.iterator();
        ended.forEachRemaining(event -> {});
        assertThrows(NoSuchElementException.class, ended::next);
    }

    @Test
    void anIteratorThatIsLeftBehindHoldsNothing() throws Exception {
        Subject other = open(clock, new Random(3));
        for (int i = 0; i < 100; i++) {
            other.store().append(stream("a"), ExpectedVersion.current(), event("T"));
            other.store().readAll(ReadAllOptions.forwards()).iterator().next();
        }
        Iterator<StoredEvent> left =
                other.store().readAll(ReadAllOptions.forwards()).iterator();
        other.close();
        assertThrows(IllegalStateException.class, left::hasNext);
    }

    @Test
    void theLogHasEveryTransactionLastFirst() {
        Transaction left = Foreign.at(1).onto("a").event("a", "Left").build();
        Transaction right = Foreign.at(2)
                .onto("a")
                .read("b")
                .command("c")
                .event("a", "Right")
                .build();
        Transaction merge = Foreign.merge("a", List.of(left, right)); // without events
        arrive(right, merge, left);
        List<TransactionHeader> log = all(store().readLog(null));
        assertEquals(List.of(merge.header(), right.header(), left.header()), log);
        assertEquals(List.of(left.header()), all(store().readLog(right.header().id())));
        assertEquals(List.of(), all(store().readLog(left.header().id())));
        retract(right.header().id());
        assertEquals(List.of(merge.header(), left.header()), all(store().readLog(null)));
    }

    @Test
    void theLogIsReadInPages() {
        List<TransactionId> written = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            written.add(
                    0,
                    store().append(stream("a"), ExpectedVersion.current(), event("T"))
                            .transaction());
        }
        assertEquals(
                written,
                all(store().readLog(null)).stream().map(TransactionHeader::id).toList());
    }

    @Test
    void aTransactionIsReadWhole() {
        TransactionId first = store().append(stream("b"), ExpectedVersion.current(), event("T"))
                .transaction();
        Append append = Append.to(
                        stream("a"),
                        ExpectedVersion.current(),
                        NewEvent.of("One", "1").tags("t").meta("{\"k\":1}"),
                        event("Two"))
                .reading(stream("b"), store().read(stream("b")).state())
                .command("c-1")
                .meta("{\"actor\":\"kim\"}");
        TransactionId id = store().append(append).transaction();
        StoredTransaction read = store().readTransaction(id).orElseThrow();
        TransactionHeader header = read.header();
        assertEquals(id, header.id());
        assertEquals(List.of(first), List.copyOf(header.parents().keySet()));
        assertEquals(List.of(first), header.reads().get(stream("b")));
        assertTrue(header.claims(stream("a")));
        assertEquals("c-1", header.command());
        assertEquals("{\"actor\":\"kim\"}", header.meta());
        assertEquals(store().replica(), Objects.requireNonNull(header.origin()).replica());
        assertEquals(store().read(stream("a")).events(), read.events());
        assertEquals(read.events().get(1), store().findEvent(new EventId(id, 1)).orElseThrow());
    }

    @Test
    void whatIsNotHereIsNotFound() {
        Transaction gone = Foreign.at(1).onto("a").event("a", "T").build();
        arrive(gone);
        assertTrue(store().findEvent(new EventId(gone.header().id(), 0)).isPresent());
        assertTrue(store().findEvent(new EventId(gone.header().id(), 1)).isEmpty(), "no such ordinal");
        retract(gone.header().id());
        assertTrue(store().findEvent(new EventId(gone.header().id(), 0)).isEmpty());
        assertTrue(store().readTransaction(gone.header().id()).isEmpty());
        assertTrue(store().readTransaction(Foreign.id(5, 5)).isEmpty());
    }

    @Test
    void aRedactedEventIsRedactedHoweverItIsRead() { // I5
        Transaction full =
                Foreign.at(1).onto("a").event("a", "Kept").event("a", "Secret").build();
        arrive(full, Foreign.redacted(full, 1));
        TransactionId id = full.header().id();
        assertTrue(store().findEvent(new EventId(id, 1)).orElseThrow() instanceof RedactedEvent);
        StoredTransaction read = store().readTransaction(id).orElseThrow();
        assertTrue(read.events().get(1) instanceof RedactedEvent);
        assertTrue(read.header().events().get(1).redacted());
        assertTrue(all(store().readAll(ReadAllOptions.forwards())).get(1) instanceof RedactedEvent);
        assertTrue(all(store().readLog(null)).get(0).events().get(1).redacted());
    }

    @Test
    void aClosedStoreSaysSoHoweverItIsAsked() throws Exception {
        EventStore closed = open(clock, new Random(1)).store();
        closed.close();
        TransactionId any = Foreign.id(5, 5);
        assertThrows(IllegalStateException.class, () -> all(closed.readAll(ReadAllOptions.forwards())));
        assertThrows(IllegalStateException.class, () -> all(closed.readLog(null)));
        assertThrows(IllegalStateException.class, () -> closed.readTransaction(any));
        assertThrows(IllegalStateException.class, () -> closed.findEvent(new EventId(any, 0)));
        assertThrows(IllegalStateException.class, closed::staleReads);
    }
}
