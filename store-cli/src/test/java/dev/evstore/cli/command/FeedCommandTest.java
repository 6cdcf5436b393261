package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import dev.evstore.core.AppendResult;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FeedCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aWorld() {
        world = new World(directory);
    }

    @Test
    void givesWhatAMergeBroughtAfterAllThatWasThere() { // P2, P3
        world.append(world.bert, "account-1", "AccountOpened", "{\"owner\":\"both\"}");
        world.sync();
        world.append(world.bert, "account-1", "MoneyWithdrawn", "{\"amount\":70}");
        world.append(world.anna, "account-1", "MoneyWithdrawn", "{\"amount\":80}");
        world.sync();
        Transcript.holds(getClass(), "late arrivals", world);
    }

    @Test
    void filtersByStreamTypeAndTags() {
        world.append(world.anna, "account-1", "Opened", "1");
        world.append(world.anna, "account-2", "Opened", "2");
        world.append(world.anna, "account-2", "Closed", "3");
        world.anna.append(
                StreamId.of("notes"),
                ExpectedVersion.current(),
                NewEvent.of("Noted", "4").tags("home", "red"));
        Transcript.holds(getClass(), "filters", world);
    }

    @Test
    void tellsOfRetractionsToWhomeverHasSeenThem() { // P6
        world.append(world.anna, "a", "First", "1");
        AppendResult gone = world.append(world.anna, "a", "Second", "2");
        World.Ran before = world.run("", "feed", "--json");
        String cursor = before.out().replaceAll("(?s).*\"position\":\"([^\"]*)\"}\n$", "$1");
        world.anna.retract(List.of(gone.transaction()));
        World.Ran after = world.run("", "feed", "--json", "--after", cursor);
        assertEquals(0, after.exit());
        assertEquals(
                "{\"retracted\":\"" + gone.transaction()
                        + "\",\"events\":[{\"ordinal\":0,\"stream\":\"a\",\"type\":\"Second\"}],\"position\":",
                after.out().replaceAll("(\"position\":).*\n", "$1"));
        assertEquals(
                "retracted  " + gone.transaction() + ": a Second\n",
                world.run("", "feed", "--quiet", "--after", cursor).out());
    }

    @Test
    void neverSplitsATransaction() { // T20
        world.anna.append(StreamId.of("a"), ExpectedVersion.current(), NewEvent.of("A", "1"), NewEvent.of("B", "2"));
        world.append(world.anna, "a", "C", "3");
        assertEquals(
                2, world.run("", "feed", "--json", "--limit", "1").out().lines().count());
    }

    @Test
    void goesThroughMoreThanAPage() { // T21, T38
        NewEvent[] events = IntStream.range(0, 100)
                .mapToObj(n -> NewEvent.of(n < 99 ? "No" : "Yes", "0"))
                .toArray(NewEvent[]::new);
        IntStream.range(0, 11).forEach(n -> world.anna.append(StreamId.of("a"), ExpectedVersion.current(), events));
        assertEquals(1_100, world.run("", "feed", "--json").out().lines().count());
        assertEquals(
                11,
                world.run("", "feed", "--json", "--type", "Yes").out().lines().count());
    }

    @Test
    void followsUntilInterrupted() {
        world.append(world.anna, "a", "First", "1");
        int[] looked = {0};
        world.pause = () -> {
            looked[0]++;
            if (looked[0] == 3) {
                throw new InterruptedException("the user has had enough");
            }
            world.append(world.anna, "a", "Next", "2");
        };
        World.Ran ran = world.run("", "feed", "--follow");
        assertEquals(130, ran.exit());
        assertEquals("", ran.err());
        assertEquals(3, ran.out().lines().count());
    }

    @Test
    void followsUntilTheLimit() {
        world.append(world.anna, "a", "First", "1");
        world.pause = () -> world.append(world.anna, "a", "Next", "2");
        World.Ran ran = world.run("", "feed", "--follow", "--limit", "3", "--json");
        assertEquals(0, ran.exit());
        assertEquals(3, ran.out().lines().count());
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }
}
