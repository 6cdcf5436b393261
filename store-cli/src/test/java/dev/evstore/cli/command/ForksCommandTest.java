package dev.evstore.cli.command;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.testkit.Foreign;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
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
        twoMerges();
        Transcript.holds(getClass(), "a fork of merges", world);
    }

    /** Two resolutions of one fork, one of them without an event. */
    private void twoMerges() {
        Transaction one = Foreign.at(1).onto("a").event("a", "One").build();
        Transaction two = Foreign.at(2).onto("a").event("a", "Two").build();
        world.anna.ingest(List.of(
                one,
                two,
                Foreign.merge("a", List.of(one, two), NewEvent.of("Resolved", "1")),
                Foreign.merge("a", List.of(one, two))));
    }

    /** A terminal of this width, without colours. */
    private void terminal(int columns) {
        world.terminal = true;
        world.variables.put("NO_COLOR", "1");
        world.variables.put("COLUMNS", String.valueOf(columns));
    }

    @Test
    void putsBranchesSideBySide() { // F4
        terminal(80);
        world.fork();
        world.append(
                world.bert,
                "account-1",
                "Closed",
                "{\"why\":\"" + "moved \u00e4\u4e16\u754c ".repeat(5) + "\\u202e\"}");
        world.sync();
        world.anna.append(StreamId.of("account-1"), ExpectedVersion.any(), NewEvent.of("Remarked", "2"));
        Transcript.holds(getClass(), "side by side", world);
    }

    @Test
    void writesOutOnceWhatSeveralHeadsShare() { // F4
        terminal(122);
        Transaction base = Foreign.at(1).onto("a").event("a", "Base").build();
        Transaction both = Foreign.at(2)
                .onto("a", base.header().id())
                .event("a", "Both")
                .event("a", "Both")
                .build();
        Transaction left = Foreign.at(3)
                .by(new ReplicaId(new UUID(0, 0xAB)))
                .onto("a", both.header().id())
                .event("a", "Left")
                .build();
        Transaction alone =
                Foreign.at(4).onto("a", base.header().id()).event("a", "Alone").build();
        Transaction right =
                Foreign.at(5).onto("a", both.header().id()).event("a", "Right").build();
        world.anna.ingest(List.of(base, both, left, Foreign.redacted(alone, 0), right));
        Transcript.holds(getClass(), "shared", world);
    }

    @Test
    void putsMergesSideBySideWithWhatTheyResolved() { // F4, M2
        terminal(79);
        twoMerges();
        Transcript.holds(getClass(), "merges side by side", world);
    }

    @Test
    void cutsAnEventThatFillsTheScreen() {
        terminal(80);
        world.fork();
        world.append(world.anna, "account-1", "Long", "\"" + "x".repeat(1_000) + "\"");
        Transcript.holds(getClass(), "a long event", world);
    }

    @Test
    void putsOneBranchAfterTheOtherWhereTheTerminalIsNarrow() {
        terminal(78);
        world.fork();
        Transcript.holds(getClass(), "narrow", world);
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }
}
