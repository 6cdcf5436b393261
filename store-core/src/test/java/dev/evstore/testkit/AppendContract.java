package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.AppendedAll;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.Finding;
import dev.evstore.core.StreamReadOnlyException;
import dev.evstore.core.WrongExpectedVersionException;
import dev.evstore.core.WrongExpectedVersionException.Moved;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.StreamState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Appends: all or nothing, and what a writer may expect (rules A1, V3). */
public abstract class AppendContract extends StoreContract {

    @Test
    void anAppendOverSeveralStreamsIsOneTransaction() { // A1
        AppendResult result = store().append(
                        Append.to(stream("account-1"), ExpectedVersion.noStream(), event("Withdrawn"))
                                .and(stream("account-2"), ExpectedVersion.noStream(), event("Deposited"))
                                .and(stream("account-1"), ExpectedVersion.noStream(), event("Closed")));

        assertEquals(List.of("Withdrawn", "Closed"), types("account-1"));
        assertEquals(List.of("Deposited"), types("account-2"));
        assertEquals(1, store().status().transactions());
        assertEquals(2, version(result, "account-1"));
        assertEquals(store().read(stream("account-2")).state(), result.streams().get(stream("account-2")));
        assertEquals(List.of("+Withdrawn", "+Deposited", "+Closed"), inWords(entries(FeedCursor.beginning())));
    }

    @Test
    void aConflictNamesEveryStreamThatMovedAndWritesNothing() { // A1
        store().append(stream("a"), ExpectedVersion.noStream(), event("A1"));
        store().append(stream("b"), ExpectedVersion.noStream(), event("B1"));
        StreamState rates = store().read(stream("rates")).state();
        store().append(stream("rates"), ExpectedVersion.current(), event("Set"));
        Digest before = store().digest();

        WrongExpectedVersionException conflict = assertThrows(
                WrongExpectedVersionException.class,
                () -> store().append(Append.to(stream("a"), ExpectedVersion.noStream(), event("A2"))
                        .and(stream("b"), ExpectedVersion.exactly(7), event("B2"))
                        .and(stream("c"), ExpectedVersion.noStream(), event("C1"))
                        .reading(stream("rates"), rates)));

        assertEquals(
                List.of(
                        new Moved(stream("a"), ExpectedVersion.noStream(), state("a")),
                        new Moved(stream("b"), ExpectedVersion.exactly(7), state("b")),
                        new Moved(stream("rates"), ExpectedVersion.unchanged(rates), state("rates"))),
                conflict.moved());
        assertEquals(before, store().digest());
        assertEquals(List.of(), types("c"));
    }

    private StreamState state(String stream) {
        return store().read(stream(stream)).state();
    }

    @Test
    void aStreamOnlyReadConflictsWhenItMovesAndIsLeftAlone() { // A1
        store().append(stream("rates"), ExpectedVersion.noStream(), event("Set"));
        StreamState seen = state("rates");
        Append append = Append.to(stream("order"), ExpectedVersion.current(), event("Priced"))
                .reading(stream("rates"), seen);

        store().append(append);
        assertEquals(seen, state("rates"), "a read does not change what is read");
        store().append(stream("rates"), ExpectedVersion.any(), event("Noted"));

        assertThrows(WrongExpectedVersionException.class, () -> store().append(append));
        assertEquals(List.of("Priced"), types("order"));
    }

    @Test
    void aReadOfAStreamThatIsNotThereYetSeesItAppear() { // A1
        Append append = Append.to(stream("order"), ExpectedVersion.current(), event("Priced"))
                .reading(stream("rates"), StreamState.NONE);
        assertDoesNotThrow(() -> store().append(append));
        store().append(stream("rates"), ExpectedVersion.noStream(), event("Set"));
        assertThrows(WrongExpectedVersionException.class, () -> store().append(append));
    }

    @Test
    void everyExpectationHoldsExactlyWhenItSays() { // A1
        store().append(stream("there"), ExpectedVersion.noStream(), event("One"), event("Two"));
        StreamState state = state("there");

        assertConflict("there", ExpectedVersion.noStream());
        assertConflict("there", ExpectedVersion.exactly(0));
        assertConflict("there", ExpectedVersion.exactly(1));
        assertConflict("there", ExpectedVersion.exactly(3));
        assertConflict("there", ExpectedVersion.unchanged(StreamState.NONE));
        assertConflict("new", ExpectedVersion.exists());
        assertConflict("new", ExpectedVersion.exactly(1));
        assertConflict("new", ExpectedVersion.unchanged(state));

        assertEquals(3, append("there", ExpectedVersion.unchanged(state)));
        assertEquals(4, append("there", ExpectedVersion.exactly(3)));
        assertEquals(5, append("there", ExpectedVersion.exists()));
        assertEquals(6, append("there", ExpectedVersion.current()));
        assertEquals(7, append("there", ExpectedVersion.any()));
        assertEquals(1, append("n1", ExpectedVersion.noStream()));
        assertEquals(1, append("n2", ExpectedVersion.exactly(0)));
        assertEquals(1, append("n3", ExpectedVersion.current()));
        assertEquals(1, append("n4", ExpectedVersion.any()));
        assertEquals(1, append("n5", ExpectedVersion.unchanged(StreamState.NONE)));
    }

    private void assertConflict(String stream, ExpectedVersion expected) {
        WrongExpectedVersionException conflict = assertThrows(
                WrongExpectedVersionException.class,
                () -> store().append(stream(stream), expected, event("Refused")),
                () -> stream + " " + expected);
        assertEquals(List.of(new Moved(stream(stream), expected, state(stream))), conflict.moved());
    }

    private long append(String stream, ExpectedVersion expected) {
        return version(store().append(stream(stream), expected, event("More")), stream);
    }

    @Test
    void T53_unchangedSeesAStreamReplacedByAnotherOfEqualLengthAndExactlyDoesNot() { // T53, A1
        Transaction one = Foreign.at(1).onto("a").event("a", "OnBranchOne").build();
        Transaction two = Foreign.at(2).onto("a").event("a", "OnBranchTwo").build();
        arrive(one);
        StreamState seen = state("a");

        retract(one.header().id());
        arrive(two);

        assertEquals(seen.version(), state("a").version());
        assertNotEquals(seen, state("a"));
        assertConflict("a", ExpectedVersion.unchanged(seen));
        assertThrows(
                WrongExpectedVersionException.class,
                () -> store().append(Append.to(stream("b"), ExpectedVersion.noStream(), event("T"))
                        .reading(stream("a"), seen)));
        assertEquals(2, append("a", ExpectedVersion.exactly(1)));
    }

    @Test
    void freeAppendsNeverConflictNorForkNorBecomeHeads() {
        AppendResult written = store().append(stream("log"), ExpectedVersion.noStream(), event("Opened"));
        store().append(stream("log"), ExpectedVersion.any(), event("Noted"));
        arrive(Foreign.at(5).free("log").event("log", "NotedElsewhere").build());
        arrive(Foreign.at(-5).free("log").event("log", "NotedEarlier").build());

        assertEquals(List.of("NotedEarlier", "Opened", "Noted", "NotedElsewhere"), types("log"));
        assertEquals(List.of(written.transaction()), heads("log"));
        assertEquals(List.of(), store().forks());
        AppendResult next = store().append(stream("log"), ExpectedVersion.exactly(4), event("Closed"));
        assertEquals(List.of(next.transaction()), heads("log"));
    }

    @Test
    void aStreamOnlyWrittenFreelyHasNoHead() {
        store().append(stream("log"), ExpectedVersion.any(), event("Noted"));
        assertEquals(List.of(), heads("log"));
        assertEquals(1, state("log").version().value());
    }

    @Test
    void namesOfTheStoreItselfAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> store().append(stream("$system"), ExpectedVersion.any(), event("T")));
        assertThrows(
                IllegalArgumentException.class, () -> store().append(stream("a"), ExpectedVersion.any(), event("$T")));
        assertEquals(0, store().status().transactions());
    }

    @Test
    void aStreamWithEventsOfANewerFormatIsReadOnlyAndTheOthersAreNot() { // V3
        expectFinding(Finding.Code.NEWER_FORMAT);
        arrive(Foreign.newer(Foreign.at(1)
                .onto("a")
                .free("log")
                .event("a", "New")
                .event("log", "New")
                .build()));

        assertThrows(
                StreamReadOnlyException.class,
                () -> store().append(stream("a"), ExpectedVersion.current(), event("T")));
        assertThrows(
                StreamReadOnlyException.class,
                () -> store().append(stream("log"), ExpectedVersion.any(), event("T")),
                "freely written by it, and freely here: both count");
        assertEquals(1, append("b", ExpectedVersion.noStream()));
        assertEquals(List.of("New"), types("a"));
    }

    @Test
    void whatWasAppendedIsReadBackAsItWas() { // V5
        String data = "{\"amount\":1.50,\"big\":123456789012345678901234567890,\"e\":1E2,\"s\":\"ü\\u0007😀\"}";
        store().append(
                        stream("a"),
                        ExpectedVersion.noStream(),
                        NewEvent.of("T", data)
                                .meta("{\"actor\":\"m\"}")
                                .tags("red", "blue")
                                .markedRedactable());
        RecordedEvent read = (RecordedEvent) store().read(stream("a")).events().get(0);
        assertEquals(data, read.data());
        assertEquals("{\"actor\":\"m\"}", read.meta());
        assertEquals(List.of("red", "blue"), read.tags());
        assertEquals(1, read.version().value());
        assertEquals(store().replica(), Objects.requireNonNull(read.origin()).replica());
        assertEquals("2026-11-20T06:00:00.123Z", read.origin().at());
    }

    @Test
    void aRefusedAppendTakesNoSequenceNumberOfItsWriter() {
        store().append(stream("a"), ExpectedVersion.noStream(), event("One"));
        assertConflict("a", ExpectedVersion.noStream());
        store().append(stream("a"), ExpectedVersion.current(), event("Two"));
        assertEquals(
                List.of(1L, 2L),
                store().read(stream("a")).events().stream()
                        .map(e -> Objects.requireNonNull(((RecordedEvent) e).origin())
                                .sequence())
                        .toList());
    }

    @Test
    void appendsInARowStopAtTheFirstThatFails() { // A1
        List<Append> row = new ArrayList<>();
        for (int k = 0; k < 1_500; k++) {
            row.add(Append.to(stream("a"), ExpectedVersion.exactly(k == 1_200 ? 7 : k), event("T" + k)));
        }
        AppendedAll appended = store().appendAll(row);
        assertEquals(1_200, appended.results().size());
        assertInstanceOf(WrongExpectedVersionException.class, appended.failure());
        assertEquals(1_200, store().read(stream("a")).events().size());
        assertEquals(1_200, version(appended.results().get(1_199), "a"));
        assertEquals(1_200, store().status().transactions());
    }
}
