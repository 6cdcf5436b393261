package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Session;
import dev.evstore.core.EventStore;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.RefreshReport;
import dev.evstore.core.id.StreamId;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "reconcile",
        description = {
            "Resolves forks, in a way that you choose.",
            "Streams that hang together are resolved together, each such unit on its own: one that can't be resolved is"
                    + " reported and leaves the others alone. Whoever resolves the same fork alike writes the very same"
                    + " transaction. Exchange (commit, pull, push) before you reconcile again. Exit code 1 if anything"
                    + " stays unresolved."
        },
        footer = {
            "",
            "What a program is told:  {\"streams\":{\"s\":{\"ancestorVersion\",\"ancestor\":[event…],\"heads\":",
            "                           [{\"tx\",\"replica\",\"at\",\"resolved\":[tx…],\"events\":[event…]}…],",
            "                           \"free\":[event…]}…}}",
            "What it answers:         {\"resolve\":[{\"stream\",\"type\",\"data\"[,\"meta\",\"tags\"]}…]}  or",
            "                         {\"unresolvable\":\"why\"}",
            "",
            "Examples:",
            "  evstore reconcile --accept-order --dry-run",
            "  evstore reconcile account-1 account-2 --exec ./decide --exec=--strict",
            "  evstore reconcile --resolver com.example.Accounts --classpath accounts.jar"
        })
final class ReconcileCommand extends StoreCommand {

    @Parameters(arity = "0..*", paramLabel = "STREAM", description = "Only the units that these streams are part of.")
    private List<String> streams = List.of();

    @Mixin
    private ForkOptions forks;

    @Option(names = "--dry-run", description = "Ask the resolver, write nothing, and tell what would come of it.")
    private boolean dryRun;

    @Override
    int run(Session session, EventStore store) throws IOException {
        ReconcileOptions options = new ReconcileOptions(
                streams.stream().map(StreamId::of).collect(Collectors.toSet()), dryRun, forks.acceptMissing());
        RefreshReport arrived = store.refresh();
        ReconcileReport report = forks.with(session, chosen -> store.reconcile(chosen, options));
        session.print(session.renderer().reconciled(arrived, report, store.status(), dryRun));
        return report.unresolved().isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS;
    }
}
