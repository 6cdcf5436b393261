package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Git;
import dev.evstore.cli.Session;
import dev.evstore.core.EventStore;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.GitWorkTree;
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
        footer = {
            "",
            "Examples:",
            "  evstore init",
            "  evstore init notes --git",
            "  evstore init notes --branch events    # beside the code, on a branch of its own"
        })
final class InitCommand extends SessionCommand {

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "Where, seen from -C (default: there).")
    private @Nullable Path directory;

    @Option(names = "--git", description = "Make a git repository too, unless the place is in one.")
    private boolean git;

    @Option(
            names = "--hooks",
            description = "Let git look at the store after a merge, checkout or rebase; hooks of yours are left.")
    private boolean hooks;

    @Option(
            names = "--branch",
            paramLabel = "NAME",
            description =
                    "Keep the events on a branch of their own, checked out at DIR (default: evstore-NAME) as a linked"
                            + " working tree of the repository that -C is in.")
    private @Nullable String branch;

    @Override
    int run(Session session) {
        Path here = session.options().directory();
        Path place = directory != null
                ? session.resolve(directory)
                : branch == null ? here : here.resolve("evstore-" + branch);
        Git program = git ? Git.find(session.environment().variables()) : null;
        if (program != null) {
            // First git, so that the store finds a place in git's own directory for what no peer may write.
            Path around = branch == null ? place : here;
            createDirectories(around);
            program.initUnlessInside(around);
        }
        if (branch != null) {
            GitWorkTree.checkOutBranch(here, place, branch);
        }
        try (EventStore store = session.create(place)) {
            session.print(
                    session.renderer().made(place.toAbsolutePath().normalize().toString(), store.replica()));
            if (hooks && store instanceof FileEventStore files) {
                session.print(session.renderer().hooks(GitWorkTree.of(files).installHooks()));
            }
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
