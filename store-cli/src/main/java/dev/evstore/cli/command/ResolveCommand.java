package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Session;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.GitWorkTree;
import dev.evstore.fs.ResolveReport;
import picocli.CommandLine.Command;

@Command(
        name = "resolve",
        description = {
            "Ends git's conflicts on event files, in a merge, rebase, cherry-pick, revert or stash that has stopped.",
            "Every version stays whole, under a name of its own where they differ, and is staged. Your own files are"
                    + " left alone; what remains is printed, and the command that goes on. Exit code 5 if something remains."
        },
        footer = {"", "Examples:", "  evstore resolve && git commit", "  evstore resolve && git rebase --continue"})
final class ResolveCommand extends FileStoreCommand {

    @Override
    int run(Session session, FileEventStore store) {
        ResolveReport report = GitWorkTree.of(store).resolve();
        session.print(session.renderer().resolved(report));
        return report.remaining().isEmpty() ? ExitCode.DONE : ExitCode.GIT;
    }
}
