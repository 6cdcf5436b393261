package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Git;
import dev.evstore.cli.Session;
import dev.evstore.core.EventStore;
import dev.evstore.core.StoreUnusableException;
import java.io.IOException;
import java.nio.file.Files;
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
        if (program != null) {
            // First git, so that the store finds a place in git's own directory for what no peer may write.
            createDirectories(place);
            program.initUnlessInside(place);
        }
        try (EventStore store = session.create(place)) {
            session.print(
                    session.renderer().made(place.toAbsolutePath().normalize().toString(), store.replica()));
        }
        return ExitCode.DONE;
    }

    private static void createDirectories(Path place) {
        try {
            Files.createDirectories(place);
        } catch (IOException e) {
            throw new StoreUnusableException(
                    "A store can't be made here.",
                    place + " (" + e.getMessage() + ")",
                    "choose a directory that can be written",
                    e);
        }
    }
}
