package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Progress;
import dev.evstore.cli.Session;
import dev.evstore.core.Finding;
import dev.evstore.fs.FileEventStore;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "verify",
        description = {
            "Reads every byte of the event files and holds the local index against it.",
            "Changes nothing. Finds what was edited in place, too. Exit code 1 if anything is odd."
        },
        footer = {"", "Examples:", "  evstore verify", "  evstore verify --json"})
final class VerifyCommand extends FileStoreCommand {

    @Override
    int run(Session session, FileEventStore store) {
        List<Finding> findings;
        try (Progress progress = Progress.of("files", session)) {
            findings = new ArrayList<>(store.verify(progress::at));
        }
        findings.addAll(store.status().findings());
        findings.forEach(finding -> session.print(session.renderer().finding(finding)));
        String summary = session.renderer().verified(findings.size());
        if (!summary.isEmpty()) {
            session.print(summary);
        }
        return findings.isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS;
    }
}
