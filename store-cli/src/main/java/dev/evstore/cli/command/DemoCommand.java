package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Git;
import dev.evstore.cli.Session;
import dev.evstore.cli.demo.TwoClones;
import dev.evstore.cli.demo.Workplace;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = {
            "Shows two clones that write apart, merge, and resolve what forked.",
            "The real git merges, consumers miss nothing, both resolve offline and still end with the same: shown and"
                    + " checked."
        },
        footer = {"", "Examples:", "  evstore demo", "  evstore demo --keep /tmp/demo"})
final class DemoCommand extends SessionCommand {

    @Option(names = "--keep", paramLabel = "DIR", description = "Work in DIR and leave it there.")
    private @Nullable Path keep;

    @Override
    int run(Session session) throws IOException {
        Git git = Git.find(session.environment().variables()).neutral();
        try (Workplace place = Workplace.open(keep == null ? null : session.resolve(keep))) {
            new TwoClones(session, git, place.directory()).run();
        }
        return ExitCode.DONE;
    }
}
