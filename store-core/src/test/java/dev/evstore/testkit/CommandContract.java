package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.CommandReusedException;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.Finding;
import dev.evstore.core.WrongExpectedVersionException;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Commands: said twice, done once (rule A6). */
public abstract class CommandContract extends StoreContract {

    private Append opening(String data) {
        return Append.to(stream("a"), ExpectedVersion.noStream(), NewEvent.of("Opened", data))
                .command("open-a");
    }

    @Test
    void aRepeatedCommandReturnsTheFirstResultWithTodaysVersions() {
        AppendResult first = store().append(opening("{\"by\":1}"));
        store().append(stream("a"), ExpectedVersion.current(), event("Used"));

        AppendResult again = store().append(opening("{ \"by\" : 1 }").meta("{\"attempt\":2}"));

        assertFalse(first.alreadyApplied());
        assertTrue(again.alreadyApplied());
        assertEquals(first.transaction(), again.transaction());
        assertEquals(2, version(again, "a"));
        assertEquals(store().read(stream("a")).state(), again.streams().get(stream("a")));
        assertEquals(2, store().status().transactions());
    }

    @Test
    void aCommandWithOtherStreamsTypesOrDataIsRefused() {
        AppendResult first = store().append(opening("{\"by\":1}"));

        assertReused(first, opening("{\"by\":2}"));
        assertReused(first, opening("{\"by\":1}").and(stream("b"), ExpectedVersion.current(), event("More")));
        assertReused(
                first,
                Append.to(stream("a"), ExpectedVersion.current(), NewEvent.of("Renamed", "{\"by\":1}"))
                        .command("open-a"));
        assertReused(
                first,
                Append.to(stream("b"), ExpectedVersion.current(), NewEvent.of("Opened", "{\"by\":1}"))
                        .command("open-a"));
        assertEquals(1, store().status().transactions());
    }

    @Test
    void aCommandIsFoundWhileItsTransactionIsHere() { // A6
        assertEquals(Optional.empty(), store().findCommand("open-a"));
        AppendResult first = store().append(opening("{}"));
        assertEquals(Optional.of(first.transaction()), store().findCommand("open-a"));
        assertEquals(Optional.empty(), store().findCommand("open"));

        Transaction earlier =
                Foreign.at(-10).onto("b").event("b", "Opened").command("open-a").build();
        arrive(earlier);
        assertEquals(Optional.of(earlier.header().id()), store().findCommand("open-a"));

        retract(earlier.header().id(), first.transaction());
        assertEquals(Optional.empty(), store().findCommand("open-a"));
    }

    private void assertReused(AppendResult first, Append append) {
        CommandReusedException reused = assertThrows(CommandReusedException.class, () -> store().append(append));
        assertEquals(first.transaction(), reused.first());
    }

    @Test
    void aCommandOfAnotherReplicaCountsToo() {
        Transaction foreign = Foreign.at(1)
                .onto("a")
                .event("a", NewEvent.of("Opened", "{\"by\":1}"))
                .command("open-a")
                .build();
        arrive(foreign);
        assertEquals(
                foreign.header().id(), store().append(opening("{\"by\":1}")).transaction());
    }

    @Test
    void anEventRedactedSinceIsComparedByStreamAndType() {
        Transaction foreign = Foreign.at(1)
                .onto("a")
                .event("a", NewEvent.of("Opened", "{\"by\":1}"))
                .command("open-a")
                .build();
        arrive(foreign, Foreign.redacted(foreign, 0));
        assertTrue(store().append(opening("{\"by\":2}")).alreadyApplied());
        assertThrows(
                CommandReusedException.class,
                () -> store().append(Append.to(stream("a"), ExpectedVersion.current(), event("Renamed"))
                        .command("open-a")));
    }

    @Test
    void theSameCommandOnTwoBranchesIsTheCanonicallyFirstAndAFinding() {
        expectFinding(Finding.Code.COMMAND_TWICE);
        Transaction second =
                Foreign.at(2).free("a").event("a", "Opened").command("open-a").build();
        Transaction first =
                Foreign.at(1).free("a").event("a", "Opened").command("open-a").build();
        arrive(second);
        arrive(first);
        assertEquals(first.header().id(), store().append(opening("{}")).transaction());
    }

    @Test
    void aCommandThatIsGoneIsForgotten() {
        AppendResult first = store().append(opening("{}"));
        retract(first.transaction());
        assertFalse(store().append(opening("{\"by\":2}")).alreadyApplied());
    }

    @Test
    void aCommandThatConflictedIsFree() {
        store().append(stream("a"), ExpectedVersion.noStream(), event("Opened"));
        assertThrows(WrongExpectedVersionException.class, () -> store().append(opening("{}")));
        assertFalse(store().append(Append.to(stream("b"), ExpectedVersion.noStream(), event("Opened"))
                        .command("open-a"))
                .alreadyApplied());
    }
}
