package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Session;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.GitWorkTree;
import dev.evstore.fs.RestoreReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        description = {
            "Brings back events that were lost before they were committed, or that a commit has and the store lacks.",
            "Without REF: event files that were written here and are gone, though no commit holds them: after git clean,"
                    + " git reset --hard, a dropped stash, or a slip.",
            "With REF: the transactions of that branch, tag or commit that are not here, though git calls it merged: after"
                    + " a reverted merge, or git merge -s ours. They come as new event files; commit them.",
            "Nothing is replaced."
        },
        footer = {
            "",
            "Examples:",
            "  evstore restore",
            "  evstore restore feature && evstore commit",
            "  evstore restore --json"
        })
final class RestoreCommand extends SessionCommand {

    @Parameters(paramLabel = "REF", arity = "0..1", description = "A branch, tag or commit, as git names it.")
    private @Nullable String ref;

    @Override
    int run(Session session) {
        String commit = ref;
        if (commit == null) {
            RestoreReport report = session.restore();
            session.print(session.renderer().restored(report.files(), report.transactions()));
        } else {
            try (FileEventStore store = session.openFiles()) {
                RestoreReport report = GitWorkTree.of(store).restore(commit);
                session.print(session.renderer().restored(commit, report.files(), report.transactions()));
            }
        }
        return ExitCode.DONE;
    }
}
