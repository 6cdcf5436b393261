package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Session;
import dev.evstore.core.EventStore;
import dev.evstore.core.StoreStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        description = {
            "Tells where the store stands.",
            "Exit code 1 if forks, missing parts or findings wait for somebody."
        },
        footer = {
            "",
            "Examples:",
            "  evstore status",
            "  evstore status --stale-reads",
            "  evstore -C ~/notes status --json"
        })
final class StatusCommand extends StoreCommand {

    @Option(
            names = "--stale-reads",
            description = "Also lists decisions that rested on an outdated look at a stream they only read;"
                    + " it walks those streams.")
    private boolean staleReads;

    @Override
    int run(Session session, EventStore store) {
        StoreStatus status = store.status();
        session.print(session.renderer().status(status, staleReads ? store.staleReads() : null));
        return status.isClean() ? ExitCode.DONE : ExitCode.FINDINGS;
    }
}
