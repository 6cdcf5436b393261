package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Progress;
import dev.evstore.cli.Session;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.GitWorkTree;
import dev.evstore.fs.PackResult;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "pack",
        description = {
            "Puts the committed event files of each month together into packs, and commits that, and nothing else.",
            "Fewer files to check out, list and merge. Events, positions and cursors stay as they are; packs are not"
                    + " packed again. Files that are not committed stay: evstore commit makes one of them.",
            "For a quiet repository: this is the one command that deletes committed event files. Where two sides of a"
                    + " merge have deleted some, git takes new event files for renamed ones and stops; evstore resolve ends"
                    + " that. So merge what is to be merged first, and let one clone pack. Branches and working trees"
                    + " that still have the files are listed; merging them later loses nothing.",
            "Until it is pushed, git reset --keep HEAD~1 takes it back."
        },
        footer = {"", "Examples:", "  evstore pack", "  evstore pack --before 2026-01-01", "  evstore pack --json"})
final class PackCommand extends FileStoreCommand {

    @Option(
            names = "--before",
            paramLabel = "DATE",
            description = "Only what was written before that day, UTC, as in 2026-01-31 (default: all).")
    private @Nullable LocalDate before;

    @Override
    int run(Session session, FileEventStore store) {
        Instant until =
                before == null ? null : before.atStartOfDay(ZoneOffset.UTC).toInstant();
        PackResult result;
        try (Progress progress = Progress.of("files", session)) {
            result = GitWorkTree.of(store).pack(until, progress::at);
        }
        session.print(session.renderer().packed(result));
        return ExitCode.DONE;
    }
}
