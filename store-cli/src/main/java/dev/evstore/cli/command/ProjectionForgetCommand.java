package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Problem;
import dev.evstore.cli.Session;
import dev.evstore.cli.Trouble;
import dev.evstore.core.id.Names;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "forget",
        description = {
            "Removes what is kept of projections that nobody works on: rows, failures, what was asked of them.",
            "For those that are not declared any more; one that is, is built anew when it is used next."
        },
        footer = {"", "Examples:", "  evstore projection forget issues"})
final class ProjectionForgetCommand extends ProjectionsCommand {

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "The projections.")
    private List<String> names = List.of();

    @Override
    int run(Session session, OpenProjections projections) {
        names.forEach(projections::require); // all are there, or nothing is removed
        for (String name : names) {
            if (projections.kept().names().contains(name) && !projections.kept().forget(name)) {
                throw new Trouble(Problem.usage(
                        "Somebody works on this projection; nothing of it is removed.",
                        Names.quoted(name),
                        "end evstore serve, or the application whose it is, before"));
            }
            session.print(session.renderer().forgotten(name));
        }
        return ExitCode.DONE;
    }
}
