package dev.evstore.cli.render;

import dev.evstore.core.projection.FailedEvent;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import dev.evstore.fs.StoredView;
import dev.evstore.fs.http.ProjectionJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Projections, in words. */
final class ProjectionText {

    /** Events of a kind that are named one by one. */
    private static final int MOST_NAMED = 10;

    private final Ink ink;

    ProjectionText(Ink ink) {
        this.ink = ink;
    }

    /** Where one stands: a line, and one more for each thing that somebody may want to do something about. */
    List<String> lines(ProjectionStatus status, List<FailedEvent> failures) {
        List<String> lines = new ArrayList<>();
        Readiness readiness = status.readiness();
        boolean ready = readiness instanceof Readiness.Ready;
        String word = String.format("%-11s ", ProjectionJson.word(readiness));
        lines.add((ready ? word : ink.warn(word))
                + ink.strong(Escapes.escape(status.name()))
                + (status.lag() > 0 ? "  " + Ink.count(status.lag(), "event") + " behind" : "")
                + more(status)
                + (status.paused() ? ink.warn("  paused") : "")
                + (status.stale() ? "  serves its last state" : "")
                + (status.served() ? "" : "  serves nothing yet"));
        reason(readiness, lines);
        ProjectionStatus.Counts counts = status.counts();
        failed(counts.parked(), "parked", failures.stream().filter(FailedEvent::parked), lines);
        failed(counts.skipped(), "skipped", failures.stream().filter(failure -> !failure.parked()), lines);
        if (counts.redacted() > 0) {
            lines.add("            " + Ink.count(counts.redacted(), "redacted event") + " passed over");
        }
        if (status.differs()) {
            lines.add("            events were left out by hand: others may have other rows");
        }
        if (status.lastError() != null && !(readiness instanceof Readiness.Failed)) {
            lines.add("            last error: " + Escapes.escape(status.lastError()));
        }
        return lines;
    }

    private static String more(ProjectionStatus status) {
        if (!(status.readiness() instanceof Readiness.Rebuilding rebuilding)) {
            return "";
        }
        long rate = Math.round(status.counts().perSecond());
        return String.format(Locale.ROOT, "  %.0f %%", Math.floor(rebuilding.progress() * 100))
                + (rebuilding.eta() == null ? "" : ", about " + rebuilding.eta().toSeconds() + " s")
                + (rate == 0 ? "" : ", " + Ink.count(rate, "event") + " a second");
    }

    private static void reason(Readiness readiness, List<String> lines) {
        if (readiness instanceof Readiness.Waiting waiting) {
            lines.add("            " + Escapes.escape(waiting.reason()));
        } else if (readiness instanceof Readiness.Failed failed) {
            lines.add("            " + Escapes.escape(failed.reason()));
        }
    }

    private void failed(long count, String what, Stream<FailedEvent> failures, List<String> lines) {
        if (count > 0) {
            lines.add(ink.warn("            " + Ink.count(count, "event")) + " could not be folded and "
                    + (count == 1 ? "is " : "are ") + what);
            List<FailedEvent> named = failures.limit(MOST_NAMED).toList();
            named.forEach(
                    failure -> lines.add("              " + failure.event() + "  " + Escapes.escape(reason(failure))));
            if (count > named.size()) {
                lines.add("              and " + (count - named.size()) + " more; --json names up to 1,000");
            }
        }
    }

    /** By the exception's own name, and the row that the event left as it was. */
    private static String reason(FailedEvent failure) {
        String error = failure.error().replaceFirst(".*[.$](?=\\w+$)", "");
        return failure.key().isEmpty() ? error : error + "  row " + failure.key();
    }

    String turned(ProjectionStatus status) {
        String why = status.readiness() instanceof Readiness.Failed failed ? ": " + failed.reason() : "";
        return Escapes.escape(status.name() + " is " + ProjectionJson.word(status.readiness()) + why);
    }

    String row(StoredView row) {
        return ink.strong(Escapes.escape(row.key())) + (row.key().isEmpty() ? "" : "  ") + Escapes.escape(row.json());
    }
}
