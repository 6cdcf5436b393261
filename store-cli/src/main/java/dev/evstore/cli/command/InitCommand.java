package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Git;
import dev.evstore.cli.Session;
import dev.evstore.core.EventStore;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "init",
        description = "Makes a store; one that is there already is kept.",
        footer = {"", "Examples:", "  evstore init", "  evstore init notes --git"})
final class InitCommand extends SessionCommand {

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "Where, seen from -C (default: there).")
    private @Nullable Path directory;

    @Option(names = "--git", description = "Make a git repository too, unless the place is in one.")
    private boolean git;

    @Override
    int run(Session session) {
        Path place = directory == null ? session.options().directory() : session.resolve(directory);
        Git program = git ? Git.find(session.environment().variables()) : null;
        try (EventStore store = session.create(place)) {
            if (program != null) {
                program.initUnlessInside(place);
            }
            session.print(
                    session.renderer().made(place.toAbsolutePath().normalize().toString(), store.replica()));
        }
        return ExitCode.DONE;
    }
}
