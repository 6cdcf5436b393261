package dev.evstore.cli.command;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.StreamId;
import dev.evstore.testkit.Foreign;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShowCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aWorld() {
        world = new World(directory);
    }

    @Test
    void showsATransactionAndAnEvent() {
        Transcript.holds(getClass(), "a transaction", world);
    }

    @Test
    void showsWhatATransactionWritesReadsAndBuildsOn() {
        world.append(world.anna, "rates", "Set", "1.50");
        world.append(world.anna, "account-1", "Opened", "{}");
        StreamId rates = StreamId.of("rates");
        world.anna.append(Append.to(
                        StreamId.of("account-1"),
                        ExpectedVersion.exactly(1),
                        NewEvent.of("Deposited", "5").tags("cash").meta("{\"by\":\"kim\"}"))
                .and(StreamId.of("log"), ExpectedVersion.any(), NewEvent.of("Noted", "null"))
                .and(StreamId.of("new"), ExpectedVersion.noStream(), NewEvent.of("Opened", "null"))
                .reading(rates, world.anna.read(rates).state())
                .command("c-17")
                .meta("{\"actor\":\"kim\"}"));
        Transcript.holds(getClass(), "everything a transaction can say", world);
    }

    @Test
    void showsAMerge() { // M1
        Transaction left = Foreign.at(1).onto("a").event("a", "Left").build();
        Transaction right = Foreign.at(2).onto("a").event("a", "Right").build();
        world.anna.ingest(List.of(left, right, Foreign.merge("a", List.of(left, right), NewEvent.of("Merged", "{}"))));
        Transcript.holds(getClass(), "a merge", world);
    }

    @Test
    void escapesWhatCouldDeceiveAReader() {
        world.anna.append(Append.to(StreamId.of("s"), ExpectedVersion.current(), NewEvent.of("T", "1"))
                .command("\u001b[2J\u202e")
                .meta("{\"\u202e\":1}"));
        Transcript.holds(getClass(), "what could deceive", world);
    }

    @Test
    void refusesWhatIsNoIdAndWhatIsNotHere() {
        Transcript.holds(getClass(), "bad input", world);
    }
}
