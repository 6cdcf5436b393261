package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Session;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "status",
        description = {
            "Tells where projections stand, and moves none of them.",
            "Exit code 1 if one failed, or has parked events."
        },
        footer = {"", "Examples:", "  evstore projection status", "  evstore projection status issues --json"})
final class ProjectionStatusCommand extends ProjectionsCommand {

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Only these projections.")
    private List<String> names = List.of();

    @Override
    int run(Session session, OpenProjections projections) {
        List<ProjectionStatus> statuses = (names.isEmpty() ? projections.names() : names)
                .stream().map(projections::status).toList();
        statuses.forEach(status -> session.print(session.renderer().projection(status)));
        return statuses.stream().anyMatch(ProjectionStatusCommand::waits) ? ExitCode.FINDINGS : ExitCode.DONE;
    }

    private static boolean waits(ProjectionStatus status) {
        return status.readiness() instanceof Readiness.Failed || status.counts().parked() > 0;
    }
}
