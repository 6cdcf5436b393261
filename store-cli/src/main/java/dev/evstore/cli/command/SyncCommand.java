package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Problem;
import dev.evstore.cli.Session;
import dev.evstore.cli.Trouble;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.GitWorkTree;
import dev.evstore.fs.SyncReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "sync",
        description = {
            "Commits the new events, fetches, merges and pushes; once more where somebody else pushed in between.",
            "REMOTE: a remote of git's, as origin; by default the one whose branch this branch follows. Git does the"
                    + " sending, with your keys and credential helpers. What was done before something failed stays done:"
                    + " repeat it.",
            "Exit code 1 if forks, findings or left out events remain; 5 if git or the remote refuses, or both sides changed"
                    + " the same of your own files."
        },
        footer = {"", "Examples:", "  evstore sync", "  evstore sync origin", "  evstore -C ~/notes sync --json"})
final class SyncCommand extends FileStoreCommand {

    @Parameters(arity = "0..1", paramLabel = "REMOTE", description = "A remote of git's.")
    private @Nullable String remote;

    @Override
    int run(Session session, FileEventStore store) {
        SyncReport report = GitWorkTree.of(store).sync(remote, session.mayAsk());
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
