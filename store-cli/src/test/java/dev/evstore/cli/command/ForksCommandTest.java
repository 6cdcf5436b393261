package dev.evstore.cli.command;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
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

final class ForksCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aWorld() {
        world = new World(directory);
    }

    @Test
    void showsAForkWhole() { // F4
        world.fork();
        world.append(world.bert, "account-1", "Closed", "null");
        world.sync();
        Transcript.holds(getClass(), "a fork", world);
    }

    @Test
    void showsOnlyTheUnitOfAStream() {
        world.fork();
        world.append(world.anna, "notes", "Noted", "1");
        Transcript.holds(getClass(), "of a stream", world);
    }

    @Test
    void listsFreeEventsApart() { // F4
        world.anna.append(StreamId.of("account-1"), ExpectedVersion.any(), NewEvent.of("Early", "1"));
        world.fork();
        world.anna.append(StreamId.of("account-1"), ExpectedVersion.any(), NewEvent.of("Remarked", "2"));
        Transcript.holds(getClass(), "free events", world);
    }

    @Test
    void saysWhatAMergeHeadResolved() { // F4, M2
        Transaction one = Foreign.at(1).onto("a").event("a", "One").build();
        Transaction two = Foreign.at(2).onto("a").event("a", "Two").build();
        world.anna.ingest(List.of(
                one,
                two,
                Foreign.merge("a", List.of(one, two), NewEvent.of("Resolved", "1")),
                Foreign.merge("a", List.of(one, two))));
        Transcript.holds(getClass(), "a fork of merges", world);
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }
}
