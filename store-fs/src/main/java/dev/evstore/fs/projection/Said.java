package dev.evstore.fs.projection;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a host says of a projection, as text for other processes, and back. */
final class Said {

    private Said() {}

    static String text(ProjectionStatus status) {
        Readiness readiness = status.readiness();
        String reason = readiness instanceof Readiness.Failed failed
                ? failed.reason()
                : readiness instanceof Readiness.Waiting waiting ? waiting.reason() : "";
        double progress = readiness instanceof Readiness.Rebuilding rebuilding ? rebuilding.progress() : 1;
        Duration eta = readiness instanceof Readiness.Rebuilding rebuilding ? rebuilding.eta() : null;
        ProjectionStatus.Counts counts = status.counts();
        return String.join(
                "\n",
                readiness.getClass().getSimpleName(),
                Double.toString(progress),
                eta == null ? "" : Long.toString(eta.toMillis()),
                line(reason),
                Long.toString(status.lag()),
                line(status.lastError() == null ? "" : status.lastError()),
                Long.toString(counts.events()),
                Long.toString(counts.refolded()),
                Long.toString(counts.writes()),
                Long.toString(counts.queued()),
                Long.toString(counts.workedNanos()),
                Long.toString(counts.stalledNanos()),
                Double.toString(counts.perSecond()));
    }

    private static String line(String text) {
        return text.replace('\n', ' ');
    }

    /**
     * What a host said, with what can be seen without it; null if it is the text of another version.
     *
     * @param seen what the files say
     */
    static @Nullable ProjectionStatus status(String text, ProjectionStatus seen) {
        String[] lines = text.split("\n", -1);
        if (lines.length != 13) {
            return null;
        }
        try {
            Readiness readiness = switch (lines[0]) {
                case "Ready" -> new Readiness.Ready();
                case "Failed" -> new Readiness.Failed(lines[3]);
                case "Waiting" -> new Readiness.Waiting(lines[3]);
                default ->
                    new Readiness.Rebuilding(
                            Double.parseDouble(lines[1]),
                            lines[2].isEmpty() ? null : Duration.ofMillis(Long.parseLong(lines[2])));
            };
            ProjectionStatus.Counts counts = new ProjectionStatus.Counts(
                    Long.parseLong(lines[6]),
                    Long.parseLong(lines[7]),
                    seen.counts().redacted(),
                    seen.counts().skipped(),
                    seen.counts().parked(),
                    Long.parseLong(lines[8]),
                    Long.parseLong(lines[9]),
                    Long.parseLong(lines[10]),
                    Long.parseLong(lines[11]),
                    Double.parseDouble(lines[12]));
            @Nullable FeedCursor position = seen.position();
            return new ProjectionStatus(
                    seen.name(),
                    readiness,
                    seen.paused(),
                    true,
                    seen.served(),
                    seen.stale(),
                    seen.differs(),
                    position,
                    Long.parseLong(lines[4]),
                    counts,
                    lines[5].isEmpty() ? null : lines[5]);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** What can be seen of one whose last host failed and is gone. */
    static ProjectionStatus left(ProjectionStatus told, ProjectionStatus seen) {
        return new ProjectionStatus(
                seen.name(),
                told.readiness(),
                seen.paused(),
                false,
                seen.served(),
                seen.stale(),
                seen.differs(),
                seen.position(),
                seen.lag(),
                seen.counts(),
                told.lastError());
    }
}
