package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReadCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aWorld() {
        world = new World(directory);
    }

    @Test
    void printsAStreamFromAnyVersionInBothDirections() {
        world.append(world.anna, "account-1", "AccountOpened", "{\"owner\": \"both\"}");
        world.append(world.anna, "account-1", "MoneyDeposited", "{\"amount\":1.50e2}"); // V5
        world.anna.append(
                StreamId.of("account-1"),
                ExpectedVersion.current(),
                NewEvent.of("MoneyWithdrawn", "null").meta("{\"by\":\"kim\"}").tags("cash", "home"));
        Transcript.holds(getClass(), "a stream", world);
    }

    @Test
    void escapesWhatCouldDeceiveAReader() {
        world.append(world.anna, "s", "Evil\u001b[2J\u202e", "\"\u202e\u200b\u009b31m\u007f\\u001b\"");
        Transcript.holds(getClass(), "what could deceive", world);
    }

    @Test
    void refusesWhatIsNoStreamAndNoVersion() {
        Transcript.holds(getClass(), "bad input", world);
    }

    @Test
    void readsALongStreamInPages() {
        NewEvent[] events = IntStream.rangeClosed(1, 2_345)
                .mapToObj(n -> NewEvent.of("N", Integer.toString(n)))
                .toArray(NewEvent[]::new);
        world.anna.append(Append.to(StreamId.of("long"), ExpectedVersion.noStream(), events));
        List<Integer> all = IntStream.rangeClosed(1, 2_345).boxed().toList();
        assertEquals(all, numbers("read", "long", "--json"));
        assertEquals(all.subList(9, 2_019), numbers("read", "long", "--json", "--from", "10", "--limit", "2010"));
        List<Integer> backwards = new java.util.ArrayList<>(all.subList(0, 2_001));
        Collections.reverse(backwards);
        assertEquals(backwards, numbers("read", "long", "--json", "--from", "2001", "--backwards"));
        assertEquals(all.subList(0, 2_000), numbers("read", "long", "--json", "--limit", "2000"));
    }

    private List<Integer> numbers(String... arguments) {
        World.Ran ran = world.run("", arguments);
        assertEquals(0, ran.exit(), ran.err());
        return ran.out()
                .lines()
                .map(line -> line.replaceAll(".*\"data\":(\\d+),.*", "$1"))
                .map(Integer::valueOf)
                .toList();
    }
}
