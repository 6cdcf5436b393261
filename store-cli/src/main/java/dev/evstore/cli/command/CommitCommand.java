package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Session;
import dev.evstore.fs.CommitResult;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.GitWorkTree;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "commit",
        description = {
            "Commits the new event files, and nothing else.",
            "Whatever is staged or modified stays as it is. The appends of a month become one file. Transactions"
                    + " that build on what is neither committed nor here wait, and are named; so are files with"
                    + " findings. No hooks are run. git add events && git commit does as well, file by file."
        },
        footer = {
            "",
            "Ends with 1 when something was left out.",
            "",
            "Examples:",
            "  evstore commit",
            "  evstore commit -m 'the orders of Friday'",
            "  evstore -C ~/notes commit --json"
        })
final class CommitCommand extends FileStoreCommand {

    @Option(
            names = {"-m", "--message"},
            paramLabel = "MSG",
            description = "What the commit says (default: how much is in it).")
    private @Nullable String message;

    @Override
    int run(Session session, FileEventStore store) {
        CommitResult result = GitWorkTree.of(store).commit(message);
        session.print(session.renderer().committed(result));
        return result.isWhole() ? ExitCode.DONE : ExitCode.FINDINGS;
    }
}
