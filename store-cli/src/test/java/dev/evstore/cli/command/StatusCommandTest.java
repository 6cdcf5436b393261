package dev.evstore.cli.command;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.Foreign;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatusCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aWorld() {
        world = new World(directory);
    }

    @Test
    void saysThatNothingWaits() {
        world.append(world.anna, "account-1", "Opened", "1");
        Transcript.holds(getClass(), "clean", world);
    }

    @Test
    void endsWithOneWhileForksRemain() { // F2
        world.fork();
        Transcript.holds(getClass(), "forked", world);
    }

    @Test
    void endsWithOneWhilePartsAreMissing() { // F7
        world.append(world.bert, "account-1", "Opened", "1");
        world.append(world.bert, "account-1", "Closed", "2");
        world.anna.ingest(world.bert.transactions().subList(1, 2));
        Transcript.holds(getClass(), "incomplete", world);
    }

    @Test
    void listsStaleReadsWhenAsked() { // F6
        Transaction one = Foreign.at(1).onto("rates").event("rates", "Set").build();
        TransactionId first = one.header().id();
        world.anna.ingest(List.of(
                one,
                Foreign.at(2).onto("rates", first).event("rates", "Set").build(),
                Foreign.at(3)
                        .onto("offer")
                        .read("rates", first)
                        .event("offer", "Made")
                        .build(),
                Foreign.at(4).onto("other").read("rates").event("other", "Made").build()));
        Transcript.holds(getClass(), "stale reads", world);
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }
}
