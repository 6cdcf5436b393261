package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Problem;
import dev.evstore.cli.Session;
import dev.evstore.cli.Trouble;
import dev.evstore.core.EventStore;
import dev.evstore.core.ReadOptions;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.StreamId;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "read",
        description = "Prints a stream in canonical order, which is the same on every replica.",
        footer = {
            "",
            "Examples:",
            "  evstore read account-1",
            "  evstore read account-1 --from 100 --limit 20 --json",
            "  evstore read account-1 --backwards --limit 1"
        })
final class ReadCommand extends StoreCommand {

    @Parameters(paramLabel = "STREAM", description = "The stream.")
    private String stream;

    @Option(
            names = "--from",
            paramLabel = "V",
            description = "The version to begin with (default: the first, or last).")
    private @Nullable Long from;

    @Option(names = "--limit", paramLabel = "N", description = "The most events.")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--backwards", description = "The latest first.")
    private boolean backwards;

    @Override
    int run(Session session, EventStore store) {
        StreamId id = StreamId.of(stream);
        ReadOptions options = backwards ? ReadOptions.fromTheEnd() : ReadOptions.forwards();
        Iterator<StoredEvent> events =
                new PagedRead(store, id, from == null ? options : options.from(from), limit).iterator();
        if (!events.hasNext()) {
            session.remark("No events there in the stream " + id + ".");
        }
        events.forEachRemaining(event -> session.print(session.renderer().event(event)));
        return ExitCode.DONE;
    }

    /** What a read that met a change in its middle ends with. */
    static Trouble changed(StreamId stream) {
        return new Trouble(new Problem(
                ExitCode.CONFLICT,
                "stream-changed",
                "The stream changed in its middle while it was read; what was printed is not all of it.",
                "stream " + stream,
                "read it again"));
    }
}
