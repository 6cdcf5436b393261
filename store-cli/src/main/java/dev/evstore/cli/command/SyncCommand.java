package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Problem;
import dev.evstore.cli.Session;
import dev.evstore.cli.Trouble;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.GitWorkTree;
import dev.evstore.fs.SyncReport;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "sync",
        description = {
            "Commits the new events, fetches, merges and pushes; once more where somebody else pushed in between.",
            "REMOTE: a remote of git's, as origin; by default the one whose branch this branch follows. Git does the"
                    + " sending, with your keys and credential helpers. What was done before something failed stays done:"
                    + " repeat it.",
            "Told how, it resolves all forks before it pushes, as evstore reconcile does, and pushes the resolutions.",
            "Exit code 1 if forks, findings or left out events remain; 5 if git or the remote refuses, or both sides changed"
                    + " the same of your own files."
        },
        footer = {
            "",
            "Examples:",
            "  evstore sync",
            "  evstore sync origin --accept-order",
            "  evstore -C ~/notes sync --json"
        })
final class SyncCommand extends FileStoreCommand {

    @Parameters(arity = "0..1", paramLabel = "REMOTE", description = "A remote of git's.")
    private @Nullable String remote;

    @ArgGroup(exclusive = false)
    private @Nullable ForkOptions forks;

    @Override
    int run(Session session, FileEventStore store) throws IOException {
        GitWorkTree git = GitWorkTree.of(store);
        ForkOptions asked = forks;
        SyncReport report = asked == null
                ? git.sync(remote, session.mayAsk())
                : asked.with(session, resolver -> git.sync(remote, session.mayAsk(), resolver, asked.everywhere()));
        session.print(session.renderer().synced(report));
        if (!report.pushed()) {
            throw new Trouble(new Problem(
                    ExitCode.GIT,
                    "merge-conflict",
                    "Both sides changed the same of your own files; the events are all here, and nothing was pushed.",
                    String.join(", ", report.merged().conflicts()),
                    "edit them, git add them, git commit, and evstore sync again; or git merge --abort"));
        }
        return report.isClean() ? ExitCode.DONE : ExitCode.FINDINGS;
    }
}
