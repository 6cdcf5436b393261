package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Problem;
import dev.evstore.cli.Session;
import dev.evstore.cli.Trouble;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.GitWorkTree;
import dev.evstore.fs.MergeReport;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "merge",
        description = {
            "Merges a branch into the one that is checked out, as git merge does, in one safe step.",
            "Event files are never in conflict. Events that nobody committed stay uncommitted, and what is staged stays"
                    + " staged. Files of yours that would be overwritten make it refuse before anything changes. If both"
                    + " sides changed the same lines of your own files, you end the merge with git (exit code 5); the"
                    + " events are all here by then.",
            "What the branch has and the result lacks, as after a merge that was reverted, is named with the commit that"
                    + " removed it. Exit code 1 if that, forks or findings remain.",
            "Told how, it then resolves all forks, as evstore reconcile does, and commits the resolutions and nothing else."
        },
        footer = {
            "",
            "Examples:",
            "  git fetch && evstore merge origin/main",
            "  evstore merge feature --json",
            "  evstore merge origin/main --exec ./decide",
            "  evstore -C ~/notes merge FETCH_HEAD"
        })
final class MergeCommand extends FileStoreCommand {

    @Parameters(paramLabel = "REF", description = "A branch, tag or commit, as git names it.")
    private String ref = "";

    @ArgGroup(exclusive = false)
    private @Nullable ForkOptions forks;

    @Override
    int run(Session session, FileEventStore store) throws IOException {
        GitWorkTree git = GitWorkTree.of(store);
        ForkOptions asked = forks;
        MergeReport report = asked == null
                ? git.merge(ref)
                : asked.with(session, resolver -> git.merge(ref, resolver, asked.everywhere()));
        session.print(session.renderer().merged(ref, report));
        if (!report.conflicts().isEmpty()) {
            throw new Trouble(new Problem(
                    ExitCode.GIT,
                    "merge-conflict",
                    "Both sides changed the same files of yours, and git can't merge them; the events are all here.",
                    String.join(", ", report.conflicts()),
                    "edit them, git add them, and git commit; evstore resolve does event files; or git merge --abort"));
        }
        return report.isClean() ? ExitCode.DONE : ExitCode.FINDINGS;
    }
}
