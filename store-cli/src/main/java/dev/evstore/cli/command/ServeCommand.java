package dev.evstore.cli.command;

import dev.evstore.cli.Problem;
import dev.evstore.cli.Progress;
import dev.evstore.cli.Session;
import dev.evstore.cli.Trouble;
import dev.evstore.cli.declared.Declarations;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.ProjectionHost;
import dev.evstore.fs.ProjectionOptions;
import dev.evstore.fs.http.ProjectionJson;
import dev.evstore.fs.http.ProjectionServer;
import dev.evstore.fs.metrics.ProjectionMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        description = {
            "Keeps the declared projections up to date and serves them over HTTP, until interrupted.",
            "On the loopback address alone, for reading alone. It answers at once with what is kept, and catches up"
                    + " meanwhile. Declarations are read when it starts; see evstore projection --help for them."
        },
        footer = {
            "",
            "  /health                                     200, from the start",
            "  /ready                                      200 if all are ready, else 503; where each stands",
            "  /projections                                their names",
            "  /projections/NAME?prefix=&after=&limit=     rows by key, 1 to 1000",
            "  /projections/NAME/KEY                       a row; / alone that of a single one",
            "  /metrics                                    meters, as Prometheus text",
            "",
            "Examples:",
            "  evstore serve",
            "  evstore serve --port 0 --json               (any free port; the first line says which)"
        })
final class ServeCommand extends SessionCommand {

    private static final String DEFAULT_PORT = "8470";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = DEFAULT_PORT,
            description = "Where to listen; 0: where it is free (default: " + DEFAULT_PORT + ").")
    private int port;

    @Override
    int run(Session session) throws InterruptedException {
        Declarations declared = Declarations.of(session.options().directory());
        if (declared.projections().isEmpty()) {
            session.openFiles().close(); // that there is no store is to be told first
            throw new Trouble(Problem.usage(
                    "No projection is declared.",
                    session.resolve(Path.of("projections.yaml")).toString(),
                    "declare one; evstore projection --help shows how"));
        }
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (Ending ending = Ending.watched();
                ProjectionServer server = ProjectionServer.start(port, registry::scrape)) {
            session.print(session.renderer()
                    .serving("http://127.0.0.1:" + server.address().getPort(), declared.names()));
            session.output().flush();
            try (FileEventStore store = session.openFiles();
                    ProjectionHost host = ProjectionHost.open(
                            store, Declarations.codec(), ProjectionOptions.defaults(), declared.projections());
                    ProjectionServer serving = server) { // ends before what it reads
                new ProjectionMetrics(host).bindTo(registry);
                serving.serve(host);
                return follow(session, host, ending);
            }
        }
    }

    /** Tells of every change until somebody ends it. */
    private int follow(Session session, ProjectionHost host, Ending ending) throws InterruptedException {
        Map<String, String> told = new HashMap<>();
        try (Progress progress = Progress.of("events", session)) {
            while (true) {
                List<ProjectionStatus> statuses = host.statuses();
                for (ProjectionStatus status : statuses) {
                    String word = ProjectionJson.word(status.readiness());
                    if (!word.equals(told.put(status.name(), word))) {
                        progress.hide();
                        session.print(session.renderer().turned(status));
                    }
                }
                session.output().flush();
                if (statuses.stream().anyMatch(status -> status.readiness() instanceof Readiness.Rebuilding)) {
                    progress.at(statuses.stream()
                            .mapToLong(status -> status.counts().events())
                            .sum());
                }
                session.environment().pause().pause();
                ending.check();
            }
        }
    }
}
