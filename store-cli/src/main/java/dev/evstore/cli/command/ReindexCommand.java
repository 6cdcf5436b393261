package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Progress;
import dev.evstore.cli.Session;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.ReindexResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "reindex",
        description = {
            "Builds the local index anew from the event files, beside the live one, which others go on with.",
            "Cursors stay good. If it is interrupted, the next one goes on where it was."
        },
        footer = {"", "Examples:", "  evstore reindex", "  evstore reindex --from-scratch"})
final class ReindexCommand extends FileStoreCommand {

    @Option(
            names = "--from-scratch",
            description = "Carry nothing over from the old index: every cursor has to begin again.")
    private boolean fromScratch;

    @Override
    int run(Session session, FileEventStore store) {
        ReindexResult result;
        try (Progress progress = Progress.of("transactions", session)) {
            result = fromScratch ? store.reindexFromScratch(progress::at) : store.reindex(progress::at);
        }
        session.print(session.renderer().reindexed(result));
        return ExitCode.DONE;
    }
}
