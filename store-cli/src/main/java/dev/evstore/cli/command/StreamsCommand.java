package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Session;
import dev.evstore.core.EventStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "streams",
        description = "Lists streams with their versions, by name.",
        footer = {"", "Examples:", "  evstore streams", "  evstore streams account- --json"})
final class StreamsCommand extends StoreCommand {

    @Parameters(arity = "0..1", defaultValue = "", paramLabel = "PREFIX", description = "How the names begin.")
    private String prefix;

    @Override
    int run(Session session, EventStore store) {
        store.streams(prefix).forEach(stream -> session.print(session.renderer().stream(stream)));
        return ExitCode.DONE;
    }
}
