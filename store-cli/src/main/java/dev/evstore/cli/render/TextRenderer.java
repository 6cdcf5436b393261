package dev.evstore.cli.render;

import dev.evstore.cli.Problem;
import dev.evstore.core.AppendResult;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.Finding;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.RefreshReport;
import dev.evstore.core.StoreStatus;
import dev.evstore.core.StoredTransaction;
import dev.evstore.core.StreamInfo;
import dev.evstore.core.event.Origin;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.StaleRead;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.projection.FailedEvent;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.fs.CommitResult;
import dev.evstore.fs.HooksReport;
import dev.evstore.fs.MergeReport;
import dev.evstore.fs.PackResult;
import dev.evstore.fs.ReindexResult;
import dev.evstore.fs.ResolveReport;
import dev.evstore.fs.StoredView;
import dev.evstore.fs.SyncReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lines for people. Their wording may change; programs take the JSON. */
public final class TextRenderer implements Renderer {

    private final Ink ink;
    private final StatusText statusText;
    private final ForkText forkText;
    private final ProjectionText projectionText;

    /**
     * @param colours whether the terminal's colours are wanted
     * @param columns how wide the terminal is; 0 if there is none
     */
    public TextRenderer(boolean colours, int columns) {
        ink = new Ink(colours);
        statusText = new StatusText(ink);
        forkText = new ForkText(ink, columns, this::event);
        projectionText = new ProjectionText(ink);
    }

    @Override
    public String made(String directory, ReplicaId replica) {
        return safe("The store is in " + directory + " (replica " + replica + ").");
    }

    @Override
    public String appended(AppendResult result) {
        String versions = result.streams().entrySet().stream()
                .map(entry ->
                        entry.getKey() + " is at version " + entry.getValue().version())
                .collect(Collectors.joining(", "));
        return safe(result.transaction() + "  " + versions + (result.alreadyApplied() ? "  (already applied)" : ""));
    }

    @Override
    public String imported(long transactions, long events) {
        return "imported " + count(events, "event") + " in " + count(transactions, "transaction");
    }

    @Override
    public String event(StoredEvent event) {
        return String.format("%6d  ", event.version().value()) + content(event);
    }

    @Override
    public String found(StoredEvent event) {
        return strong(safe(event.stream().value()) + " " + event.version()) + "  " + content(event);
    }

    @Override
    public String transaction(StoredTransaction transaction) {
        List<String> lines = new ArrayList<>();
        TransactionText.lines(transaction.header()).forEach(line -> lines.add(safe(line)));
        transaction.events().forEach(event -> lines.add("  " + found(event)));
        return String.join("\n", lines);
    }

    @Override
    public String logged(TransactionHeader header, boolean head) {
        return header.id() + (head ? warn("  head") : "") + "  " + faint(safe(TransactionText.brief(header))) + "  "
                + safe(TransactionText.streams(header));
    }

    @Override
    public String script(String text) {
        return text;
    }

    @Override
    public String entry(FeedEntry entry) {
        if (entry instanceof FeedEntry.Arrival arrival) {
            String flags = (arrival.late() ? "  late" : "") + (arrival.again() ? "  again" : "");
            StoredEvent event = arrival.event();
            return found(event) + warn(flags);
        }
        FeedEntry.Retraction gone = (FeedEntry.Retraction) entry;
        String events = gone.events().stream()
                .map(event -> event.stream() + " " + event.type())
                .collect(Collectors.joining(", "));
        return warn("retracted  ") + safe(gone.transaction() + ": " + events);
    }

    @Override
    public String stream(StreamInfo stream) {
        String version = String.format("%6s  ", stream.state().version());
        return version
                + strong(safe(stream.id().value()))
                + (stream.forked() ? warn("  forked") : "")
                + (stream.incomplete() ? warn("  incomplete") : "");
    }

    @Override
    public String status(StoreStatus status, @Nullable List<StaleRead> staleReads) {
        return String.join("\n", statusText.lines(status, staleReads));
    }

    @Override
    public String restored(List<String> files, long transactions) {
        if (files.isEmpty()) {
            return "Nothing is lost that was written here.";
        }
        List<String> lines = new ArrayList<>();
        files.forEach(file -> lines.add("restored    " + safe(file)));
        lines.add(count(files.size(), "event file") + " with " + count(transactions, "transaction")
                + " back; commit them soon");
        return String.join("\n", lines);
    }

    @Override
    public String hooks(HooksReport report) {
        List<String> lines = new ArrayList<>();
        report.installed().forEach(hook -> lines.add("hook        " + hook));
        report.left().forEach(hook -> lines.add(warn("left        ") + hook + " in " + safe(report.directory())));
        if (!report.left().isEmpty()) {
            lines.add("To have it there too, add: " + safe(report.line()));
        }
        return String.join("\n", lines);
    }

    @Override
    public String synced(SyncReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(
                report.pushed()
                        ? safe("exchanged   with " + report.remote())
                        : warn("not pushed  ") + "until the merge is ended");
        committed(report.committed(), lines);
        cameOf(report.remote(), report.merged(), lines);
        waiting(report.remote(), report.merged(), lines);
        return String.join("\n", lines);
    }

    private void committed(CommitResult committed, List<String> lines) {
        if (committed.transactions() > 0) {
            lines.add("committed   " + count(committed.transactions(), "transaction") + " with "
                    + count(committed.events(), "event"));
        }
        leftOut(committed, lines);
    }

    @Override
    public String resolved(ResolveReport report) {
        List<String> lines = new ArrayList<>();
        report.files().forEach(file -> lines.add("staged      " + safe(file)));
        lines.add(
                report.files().isEmpty()
                        ? "Git stopped on no file of the store."
                        : count(report.files().size(), "file") + " with " + count(report.transactions(), "transaction")
                                + " staged");
        report.remaining().forEach(file -> lines.add("remains     " + safe(file)));
        if (!report.remaining().isEmpty()) {
            lines.add("mend and git add these, then: " + report.next());
        } else if (!report.files().isEmpty()) {
            lines.add("go on with: " + report.next());
        }
        return String.join("\n", lines);
    }

    @Override
    public String merged(String ref, MergeReport report) {
        List<String> lines = new ArrayList<>();
        cameOf(ref, report, lines);
        committed(report.committed(), lines);
        waiting(ref, report, lines);
        return String.join("\n", lines);
    }

    private void cameOf(String ref, MergeReport report, List<String> lines) {
        String commit = report.commit();
        lines.add(safe(
                switch (report.outcome()) {
                    case UP_TO_DATE -> "up to date  " + commit + " has " + ref + " already";
                    case FAST_FORWARD -> "forwarded   to " + commit + ", " + ref;
                    case MERGED -> "merged      " + ref + " as " + commit;
                    case CONFLICTS -> "merging     " + ref + ", not ended";
                }));
        MergeReport.Arrived arrived = report.arrived();
        if (arrived.transactions() > 0) {
            lines.add("arrived     " + count(arrived.transactions(), "transaction") + " with "
                    + count(arrived.events(), "event") + (arrived.late() > 0 ? ", " + arrived.late() + " late" : ""));
        }
        if (report.retracted() > 0) {
            lines.add(warn("retracted   ") + count(report.retracted(), "transaction"));
        }
        reconciled(report.reconciled(), false, lines);
    }

    private void waiting(String ref, MergeReport report, List<String> lines) {
        for (MergeReport.Missing missing : report.missing()) {
            lines.add(warn("missing     ") + safe(missing.file()) + ": "
                    + count(missing.transactions().size(), "transaction")
                    + (missing.removedBy() == null ? "" : ", removed by " + missing.removedBy()));
        }
        if (report.moreMissing() > 0) {
            lines.add(warn("and         ") + count(report.moreMissing(), "more file"));
        }
        if (!report.missing().isEmpty()) {
            lines.add("              try: evstore restore " + safe(ref));
        }
        report.elsewhere().forEach(finding -> lines.add(finding(finding)));
        statusText.addWaiting(report.status(), null, lines);
        if (report.isClean()) {
            lines.add("Nothing waits for anybody.");
        }
    }

    @Override
    public String restored(String ref, List<String> files, long transactions) {
        return files.isEmpty() ? safe("Everything that " + ref + " has is here.") : restored(files, transactions);
    }

    @Override
    public String packed(PackResult result) {
        if (result.commit().isEmpty()) {
            return "Nothing to pack.";
        }
        List<String> lines = new ArrayList<>();
        result.packs().forEach(pack -> lines.add("packed      " + safe(pack)));
        result.heldBy().forEach(holder -> lines.add("held by     " + safe(holder)));
        lines.add("commit " + result.commit().get() + " has "
                + count(result.packs().size(), "pack") + " in place of " + count(result.files(), "event file")
                + " with " + count(result.transactions(), "transaction"));
        if (!result.heldBy().isEmpty()) {
            lines.add("Who holds the files still has the same events; if git stops on event files, evstore resolve.");
        }
        return String.join("\n", lines);
    }

    @Override
    public String committed(CommitResult result) {
        List<String> lines = new ArrayList<>();
        result.files().forEach(file -> lines.add("committed   " + safe(file)));
        leftOut(result, lines);
        lines.add(result.commit()
                .map(id -> "commit " + id + " with " + count(result.events(), "event") + " in "
                        + count(result.transactions(), "transaction"))
                .orElse(result.isWhole() ? "Nothing to commit." : "Nothing else to commit."));
        return String.join("\n", lines);
    }

    private void leftOut(CommitResult result, List<String> lines) {
        for (CommitResult.LeftOut one : result.leftOut()) {
            lines.add(warn("left out    ") + one.transaction() + " in " + safe(one.file()) + ": "
                    + (one.missing().isEmpty()
                            ? "another transaction of its file waits"
                            : "it builds on " + joined(one.missing()) + ", which is not committed here"));
        }
        result.flawed()
                .forEach(file -> lines.add(warn("left out    ") + safe(file) + ": evstore status or verify says why"));
    }

    private static String joined(Collection<TransactionId> ids) {
        return ids.stream().map(TransactionId::toString).collect(Collectors.joining(", "));
    }

    @Override
    public String reconciled(RefreshReport arrived, ReconcileReport report, StoreStatus status, boolean dryRun) {
        List<String> lines = new ArrayList<>();
        reconciled(report, dryRun, lines);
        if (lines.isEmpty()) {
            lines.add(status.forks().isEmpty() ? "No forks." : "None of the streams named is forked.");
        }
        return String.join("\n", lines);
    }

    private void reconciled(ReconcileReport report, boolean dryRun, List<String> lines) {
        for (ReconcileReport.Resolved one : report.resolved()) {
            String how = one.alreadyThere() ? "was there already" : count(one.events(), "event");
            lines.add((dryRun ? "resolvable  " : "resolved    ") + strong(safe(names(one.streams()))) + "  by "
                    + one.transaction() + ", " + how);
        }
        for (ReconcileReport.Unresolved one : report.unresolved()) {
            lines.add(warn("unresolved  ") + strong(safe(names(one.streams()))) + "  " + safe(one.reason()));
            if (one.why() == ReconcileReport.Why.INCOMPLETE) {
                lines.add("              try: merge what has the rest; if it will never come, evstore reconcile"
                        + " --accept-missing");
            }
        }
    }

    private static String names(List<StreamId> streams) {
        return streams.stream().map(StreamId::value).collect(Collectors.joining(", "));
    }

    @Override
    public String fork(List<ForkView> unit) {
        return String.join("\n", forkText.lines(unit));
    }

    @Override
    public String digest(Digest digest) {
        return digest.toString();
    }

    @Override
    public String verified(int findings) {
        return findings == 0
                ? "Every byte was read: nothing is wrong."
                : "Every byte was read: " + count(findings, "finding") + ".";
    }

    @Override
    public String reindexed(ReindexResult result) {
        return "built again: " + count(result.transactions(), "transaction") + ", digest " + result.digest()
                + (result.repaired() ? "\n" + warn("repaired    ") + "the old index had said otherwise" : "");
    }

    @Override
    public String projection(String name, boolean declared) {
        return strong(safe(name)) + (declared ? "  declared" : "  kept here, not declared");
    }

    @Override
    public String projection(ProjectionStatus status, List<FailedEvent> failures) {
        return String.join("\n", projectionText.lines(status, failures));
    }

    @Override
    public String row(StoredView row) {
        return projectionText.row(row);
    }

    @Override
    public String asked(String projection, String request) {
        return strong(safe(projection)) + ": " + request + " is noted; who works on it does it, now or when it starts";
    }

    @Override
    public String forgotten(String projection) {
        return strong(safe(projection)) + ": forgotten";
    }

    @Override
    public String serving(String address, List<String> projections) {
        return safe("Serving " + String.join(", ", projections) + " on " + address);
    }

    @Override
    public String turned(ProjectionStatus status) {
        return projectionText.turned(status);
    }

    @Override
    public String step(String text) {
        return safe(text);
    }

    @Override
    public String problem(Problem problem) {
        return safe("evstore: " + problem.what()) + "\n  where: " + safe(problem.where()) + "\n  try: "
                + safe(problem.remedy());
    }

    @Override
    public String finding(Finding finding) {
        return statusText.finding(finding);
    }

    /** Type, payload and the rest of an event, behind its stream or version. */
    private String content(StoredEvent event) {
        StringBuilder text = new StringBuilder(strong(safe(event.type().value())));
        @Nullable Origin origin = Origins.of(event);
        text.append(event instanceof RecordedEvent ? EventText.content(event) : warn(EventText.content(event)));
        String when = origin == null ? "" : origin.at() + "  ";
        return text.append("  ").append(faint(when + event.id())).toString();
    }

    private static String count(long n, String noun) {
        return Ink.count(n, noun);
    }

    private static String safe(String text) {
        return Escapes.escape(text);
    }

    private String strong(String text) {
        return ink.strong(text);
    }

    private String warn(String text) {
        return ink.warn(text);
    }

    private String faint(String text) {
        return ink.faint(text);
    }
}
