package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

final class LogCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aWorld() {
        world = new World(directory);
    }

    @Test
    void listsTransactionsTheLastFirst() { // I3
        world.fork();
        Append many = Append.to(StreamId.of("a"), ExpectedVersion.current(), NewEvent.of("T", "1"));
        for (String name : List.of("b", "c", "d", "e", "f")) {
            many = many.and(StreamId.of(name), ExpectedVersion.any(), NewEvent.of("T", "1"), NewEvent.of("U", "2"));
        }
        world.anna.append(many);
        Transcript.holds(getClass(), "a log", world);
    }

    @Test
    void saysNothingOfNothing() {
        Transcript.holds(getClass(), "an empty one", world);
    }

    @Test
    void drawsWhatBuildsOnWhat() {
        Transaction base = Foreign.at(1).onto("a").event("a", "Base").build();
        Transaction left = on("left", 2, base);
        Transaction right = on("right", 3, base);
        Transaction lefter = on("left", 4, left);
        Transaction apart = Foreign.at(5).onto("b").event("b", "Apart").build();
        Transaction both = on("both", 6, lefter, right);
        Transaction loner = on("loner", 7, apart);
        world.anna.ingest(List.of(base, left, right, lefter, apart, both, loner));
        Transcript.holds(getClass(), "a graph", world);
    }

    private static Transaction on(String stream, long millis, Transaction... parents) {
        Foreign foreign = Foreign.at(millis).free(stream).event(stream, "T");
        for (Transaction parent : parents) {
            foreign.parent(parent);
        }
        return foreign.build();
    }

    @Test
    void goesThroughAnyNumberInPages() {
        for (int n = 0; n < 250; n++) {
            world.append(world.anna, "a", "T", Integer.toString(n));
        }
        assertEquals(50, world.run("", "log", "--json").out().lines().count());
        assertEquals(250, world.run("", "log", "--limit", "1000").out().lines().count());
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }
}
