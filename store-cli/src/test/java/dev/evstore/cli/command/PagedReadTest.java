package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Trouble;
import dev.evstore.cli.World;
import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.ReadOptions;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.StreamId;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PagedReadTest {

    private static final StreamId LONG = StreamId.of("long");

    @TempDir
    private Path directory;

    private World world;
    private Append many;

    @BeforeEach
    void aLongStreamOfBertsThatAnnaSaw() {
        world = new World(directory);
        NewEvent[] events = IntStream.range(0, 1_500)
                .mapToObj(n -> NewEvent.of("N", Integer.toString(n)))
                .toArray(NewEvent[]::new);
        many = Append.to(LONG, ExpectedVersion.current(), events);
        world.bert.append(many);
        world.sync();
    }

    @Test
    void goesOnWhenSomethingIsAppendedMeanwhile() {
        Iterator<StoredEvent> read = begun();
        world.anna.append(many);
        assertEquals(2_999, left(read));
    }

    @Test
    void failsWhenALateEventMovesWhatIsNotReadYet() {
        // Bert's second transaction comes before Anna's, which she has begun to read past.
        world.append(world.bert, "long", "Late", "1");
        world.anna.append(many);
        Iterator<StoredEvent> read =
                new PagedRead(world.anna, LONG, ReadOptions.forwards().from(1_400), Long.MAX_VALUE).iterator();
        read.next();
        world.anna.ingest(world.bert.transactions());
        Trouble trouble = assertThrows(Trouble.class, () -> left(read));
        assertEquals(ExitCode.CONFLICT, trouble.problem().exit());
    }

    @Test
    void failsWhenWhatWasReadLastIsGone() {
        Iterator<StoredEvent> read = begun();
        world.anna.retract(List.of(world.anna.transactions().get(0).header().id()));
        assertThrows(Trouble.class, () -> left(read));
    }

    private Iterator<StoredEvent> begun() {
        Iterator<StoredEvent> read = new PagedRead(world.anna, LONG, ReadOptions.forwards(), Long.MAX_VALUE).iterator();
        read.next();
        return read;
    }

    private static int left(Iterator<StoredEvent> read) {
        int events = 0;
        for (; read.hasNext(); read.next()) {
            events++;
        }
        return events;
    }
}
