package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Session;
import dev.evstore.fs.RestoreReport;
import picocli.CommandLine.Command;

@Command(
        name = "restore",
        description = {
            "Brings back events that were lost before they were committed.",
            "Event files that were written here and are gone, though no commit holds them: after git clean,"
                    + " git reset --hard, a dropped stash, or a slip. Nothing is replaced."
        },
        footer = {"", "Examples:", "  evstore restore", "  evstore -C ~/notes restore --json"})
final class RestoreCommand extends SessionCommand {

    @Override
    int run(Session session) {
        RestoreReport report = session.restore();
        session.print(session.renderer().restored(report.files(), report.transactions()));
        return ExitCode.DONE;
    }
}
