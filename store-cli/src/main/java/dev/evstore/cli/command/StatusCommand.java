package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Session;
import dev.evstore.core.EventStore;
import dev.evstore.core.StoreStatus;
import picocli.CommandLine.Command;

@Command(
        name = "status",
        description = {
            "Tells where the store stands.",
            "Exit code 1 if forks, missing parts or findings wait for somebody."
        },
        footer = {"", "Examples:", "  evstore status", "  evstore -C ~/notes status --json"})
final class StatusCommand extends StoreCommand {

    @Override
    int run(Session session, EventStore store) {
        StoreStatus status = store.status();
        session.print(session.renderer().status(status));
        return status.isClean() ? ExitCode.DONE : ExitCode.FINDINGS;
    }
}
