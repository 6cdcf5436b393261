package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Problem;
import dev.evstore.cli.Session;
import dev.evstore.cli.Trouble;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.id.Names;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import dev.evstore.fs.ProjectionHost;
import dev.evstore.fs.StoredView;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = {
            "Prints rows of a projection, by key.",
            "One that is declared is brought up to date first; one of an application is printed as it is kept.",
            "Exit code 1 if it can't be brought up to date, and what it serves is printed."
        },
        footer = {
            "",
            "Examples:",
            "  evstore projection show issues",
            "  evstore projection show issues issue-17 --json",
            "  evstore projection show issues --prefix issue-1 --limit 10"
        })
final class ProjectionShowCommand extends ProjectionsCommand {

    /** Rows asked for at once: each may be large. */
    private static final int CHUNK = 8;

    @Parameters(index = "0", paramLabel = "NAME", description = "The projection.")
    private String name;

    @Parameters(index = "1", arity = "0..1", paramLabel = "KEY", description = "Only this row.")
    private @Nullable String key;

    @Option(names = "--prefix", paramLabel = "P", description = "Rows whose keys begin so.")
    private String prefix = "";

    @Option(names = "--after", paramLabel = "KEY", description = "Rows behind this key.")
    private String after = "";

    @Option(names = "--limit", paramLabel = "N", description = "End after this many rows.")
    private long limit = Long.MAX_VALUE;

    @Override
    int run(Session session, OpenProjections projections) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1, not " + limit);
        }
        projections.require(name);
        ProjectionHost host = projections.hostOf(name);
        int exit = host == null || caughtUp(host) ? ExitCode.DONE : ExitCode.FINDINGS;
        ProjectionStatus status = projections.status(name);
        if (!(status.readiness() instanceof Readiness.Ready)) {
            session.remark("evstore: this is not up to date; evstore projection status says why");
        }
        String wanted = key;
        if (wanted == null) {
            rows(session, projections);
        } else {
            session.print(session.renderer().row(row(projections, wanted)));
        }
        return exit;
    }

    @Override
    boolean needs(String projection) {
        return projection.equals(name);
    }

    /** Whether it got there; what one that did not serves is shown all the same. */
    private boolean caughtUp(ProjectionHost host) {
        try {
            host.catchUp();
            return true;
        } catch (StoreUnusableException e) {
            if (!host.status(name).served()) {
                throw e;
            }
            return false;
        }
    }

    private StoredView row(OpenProjections projections, String wanted) {
        ProjectionHost host = projections.hostOf(name);
        Optional<StoredView> row = host == null ? projections.kept().stored(name, wanted) : host.stored(name, wanted);
        return row.orElseThrow(() -> new Trouble(Problem.usage(
                "There is no such row.",
                "projection " + name + ", key " + Names.quoted(wanted),
                "evstore projection show " + name + " lists them")));
    }

    private void rows(Session session, OpenProjections projections) {
        ProjectionHost host = projections.hostOf(name);
        String from = after;
        for (long left = limit; left > 0; ) {
            int chunk = (int) Math.min(left, CHUNK);
            List<StoredView> rows = host == null
                    ? projections.kept().stored(name, prefix, from, chunk)
                    : host.stored(name, prefix, from, chunk);
            rows.forEach(row -> session.print(session.renderer().row(row)));
            from = rows.isEmpty() ? "" : rows.get(rows.size() - 1).key();
            if (rows.size() < chunk || from.isEmpty()) { // an empty key is a single projection's only one
                return;
            }
            left -= chunk;
        }
    }
}
