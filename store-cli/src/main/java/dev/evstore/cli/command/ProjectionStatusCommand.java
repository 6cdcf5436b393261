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
            "Tells where projections stand, and which events could not be folded; moves none of them.",
            "Exit code 1 if one failed, or has parked events."
        },
        footer = {"", "Examples:", "  evstore projection status", "  evstore projection status issues --json"})
final class ProjectionStatusCommand extends ProjectionsCommand {

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Only these projections.")
    private List<String> names = List.of();

    @Override
    boolean needs(String projection) {
        return true;
    }

    @Override
    int run(Session session, OpenProjections projections) {
        names.forEach(projections::require);
        boolean waits = false;
        for (String name : names.isEmpty() ? projections.names() : names) {
            ProjectionStatus status = projections.status(name);
            session.print(session.renderer().projection(status, projections.failures(name)));
            waits |= waits(status);
        }
        return waits ? ExitCode.FINDINGS : ExitCode.DONE;
    }

    private static boolean waits(ProjectionStatus status) {
        return status.readiness() instanceof Readiness.Failed || status.counts().parked() > 0;
    }
}
