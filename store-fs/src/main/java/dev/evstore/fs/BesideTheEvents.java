package dev.evstore.fs;

import dev.evstore.core.Finding;
import dev.evstore.fs.disk.Stamp;
import dev.evstore.fs.index.IndexReads;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What stands below {@code events/} beside the event files, and is not as evstore would have it. A commit of a peer can
 * bring all of it. Looked at for a status; nothing of it is followed or read further than needed. Thread-safe.
 */
final class BesideTheEvents {

    /** Of rules in directories of their own; who brings one may bring a thousand. */
    private static final int MAX_FINDINGS = 20;

    private final StoreLayout layout;
    private final EventFiles files;
    private final IndexReads reads;
    private final Clock clock;
    private final boolean inGit;

    BesideTheEvents(StoreLayout layout, EventFiles files, IndexReads reads, Clock clock, boolean inGit) {
        this.layout = layout;
        this.files = files;
        this.reads = reads;
        this.clock = clock;
        this.inGit = inGit;
    }

    List<Finding> findings() throws IOException {
        List<Finding> findings = new ArrayList<>();
        Path month = layout.month(clock.instant());
        Stamp stamp = Stamp.of(month);
        if (stamp != null && stamp.kind() != Stamp.Kind.DIRECTORY) {
            findings.add(new Finding(
                    Finding.Code.NAME_TAKEN,
                    "Something that is no directory has the name of the month's directory; event files are written to"
                            + " another one.",
                    "events/" + month.getFileName(),
                    "remove it, here and in git"));
        }
        if (inGit) {
            addRules(findings);
        }
        return findings;
    }

    private void addRules(List<Finding> findings) throws IOException {
        for (Path rules : List.of(layout.attributes(), layout.ignore())) {
            byte[] wanted = rules.equals(layout.ignore()) ? StoreLayout.ignoreBytes() : StoreLayout.attributesBytes();
            if (!holds(rules, wanted)) {
                findings.add(changed(
                        "",
                        rules,
                        "delete it, run evstore init, and commit that file alone; then delete the event files that are"
                                + " flawed, and git checkout -- events"));
            }
        }
        for (String directory : reads.directories()) {
            for (Path rules : List.of(layout.attributes(), layout.ignore())) {
                String name = String.valueOf(rules.getFileName());
                if (!directory.isEmpty()
                        && findings.size() < MAX_FINDINGS
                        && Stamp.of(files.path(directory, name)) != null) {
                    findings.add(changed(directory + "/", rules, "remove it, here and in git"));
                }
            }
        }
    }

    private static Finding changed(String directory, Path rules, String remedy) {
        return new Finding(
                Finding.Code.RULES_CHANGED,
                "Rules for git below events are not evstore's: git may change or leave out event files.",
                "events/" + directory + rules.getFileName(),
                remedy);
    }

    private static boolean holds(Path file, byte[] wanted) throws IOException {
        Stamp stamp = Stamp.of(file);
        if (stamp == null || stamp.kind() != Stamp.Kind.FILE || stamp.size() != wanted.length) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return Arrays.equals(wanted, in.readNBytes(wanted.length + 1));
        }
    }
}
