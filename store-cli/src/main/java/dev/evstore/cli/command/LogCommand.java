package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Session;
import dev.evstore.cli.render.Lanes;
import dev.evstore.core.EventStore;
import dev.evstore.core.history.TransactionHeader;
import java.util.Iterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "log",
        description = {
            "Lists transactions in canonical order, the last first, with their writers and streams.",
            "A head is one that no other builds on: what the next append here has for a parent."
        },
        footer = {"", "Examples:", "  evstore log", "  evstore log --graph --limit 200", "  evstore log --json"})
final class LogCommand extends StoreCommand {

    @Spec
    private CommandSpec spec;

    @Option(names = "--graph", description = "Draw which transaction builds on which.")
    private boolean graph;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "The most transactions (default: ${DEFAULT-VALUE}).")
    private long limit;

    @Override
    int run(Session session, EventStore store) {
        if (limit < 1) {
            throw new IllegalArgumentException("a log's limit is at least 1, not " + limit);
        }
        if (graph && session.options().json()) {
            throw new ParameterException(
                    spec.commandLine(), "--graph is for people; with --json the parents tell the same");
        }
        Lanes lanes = new Lanes();
        Iterator<TransactionHeader> log = store.readLog(null).iterator();
        for (long n = 0; n < limit && log.hasNext(); n++) {
            TransactionHeader header = log.next();
            Lanes.Drawn drawn = lanes.next(header.id(), header.parents().keySet(), header.isMerge());
            String line = session.renderer().logged(header, drawn.head());
            if (!graph) {
                session.print(line);
                continue;
            }
            if (!drawn.before().isEmpty()) {
                session.print(drawn.before());
            }
            session.print(drawn.node() + line);
            if (!drawn.after().isEmpty()) {
                session.print(drawn.after());
            }
        }
        if (log.hasNext()) {
            session.remark("There are more: --limit N");
        }
        return ExitCode.DONE;
    }
}
