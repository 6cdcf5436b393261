package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Problem;
import dev.evstore.cli.Session;
import dev.evstore.cli.Trouble;
import dev.evstore.core.EventStore;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Shows one transaction with its events, or one event.",
        footer = {
            "",
            "Examples:",
            "  evstore show 0193a7c2-5d1e-7c3a-9b2f-4e6d8a1c0f35",
            "  evstore show 0193a7c2-5d1e-7c3a-9b2f-4e6d8a1c0f35/0 --json"
        })
final class ShowCommand extends StoreCommand {

    @Parameters(paramLabel = "TX|EVENT", description = "A transaction, or an event: its transaction, / and number.")
    private String id;

    @Override
    int run(Session session, EventStore store) {
        String shown;
        if (id.contains("/")) {
            shown = store.findEvent(EventId.of(id))
                    .map(session.renderer()::found)
                    .orElseThrow(() -> notHere(id));
        } else {
            shown = store.readTransaction(TransactionId.of(id))
                    .map(session.renderer()::transaction)
                    .orElseThrow(() -> notHere(id));
        }
        session.print(shown);
        return ExitCode.DONE;
    }

    static Trouble notHere(String id) {
        return new Trouble(new Problem(
                ExitCode.USAGE,
                "not-found",
                "The store holds nothing of that id.",
                id,
                "see evstore log; what another clone wrote comes with a merge"));
    }
}
