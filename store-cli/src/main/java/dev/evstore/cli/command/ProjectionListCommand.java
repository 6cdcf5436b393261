package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Session;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        description = "Lists the projections that are declared, and those that applications keep here.",
        footer = {"", "Examples:", "  evstore projection list", "  evstore projection list --json"})
final class ProjectionListCommand extends ProjectionsCommand {

    @Override
    int run(Session session, OpenProjections projections) {
        for (String name : projections.names()) {
            session.print(session.renderer().projection(name, projections.isDeclared(name)));
        }
        return ExitCode.DONE;
    }
}
