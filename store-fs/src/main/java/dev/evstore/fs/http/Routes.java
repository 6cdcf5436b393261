package dev.evstore.fs.http;

import dev.evstore.core.StoreException;
import dev.evstore.core.id.Names;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import dev.evstore.fs.ProjectionHost;
import dev.evstore.fs.StoredView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which request gets which answer. Thread-safe. */
final class Routes {

    private static final System.Logger LOG = System.getLogger("dev.evstore.projection");

    static final int MOST_ROWS = 1_000;

    private static final int ROWS_BY_DEFAULT = 100;

    /** Rows asked for at once: each may be large. */
    private static final int CHUNK = 8;

    /** A page ends with the row that takes it past this. */
    private static final long PAGE_CHARACTERS = 4 << 20;

    private static final String PROJECTIONS = "/projections";

    private final @Nullable Supplier<String> metrics;
    private volatile @Nullable ProjectionHost host;

    /**
     * @param metrics meters as Prometheus text, or null for none
     */
    Routes(@Nullable Supplier<String> metrics) {
        this.metrics = metrics;
    }

    void serve(ProjectionHost opened) {
        host = opened;
    }

    /** The answer to what needs no work, or null. */
    @Nullable
    Response atOnce(Request request) {
        return request.path().equals("/health") ? Response.json(200, "{\"status\":\"up\"}") : null;
    }

    Response answer(Request request) {
        try {
            return routed(request);
        } catch (Refused e) {
            return e.response(where(request));
        } catch (StoreException e) {
            return Response.error(503, "store-unusable", e.what(), e.where(), e.remedy());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a request could not be answered", e);
            return Response.error(
                    500, "bug", "evstore has met a bug of its own.", where(request), "look at the log and report it");
        }
    }

    private static String where(Request request) {
        return Names.quoted(request.path());
    }

    private Response routed(Request request) throws Refused {
        String path = request.path();
        if (path.startsWith(PROJECTIONS + "/")) {
            return projection(request, path.substring(PROJECTIONS.length() + 1));
        }
        return switch (path) {
            case "/ready" -> ready();
            case PROJECTIONS -> {
                ProjectionHost opened = host;
                yield opened == null
                        ? notYet("rebuilding", "The store is being opened.", request)
                        : Response.json(200, ProjectionJson.names(new TreeSet<>(opened.names())));
            }
            case "/metrics" -> {
                if (metrics == null) {
                    throw absent("there are no meters here", "bind them to a registry");
                }
                yield Response.text("text/plain; version=0.0.4; charset=utf-8", metrics.get());
            }
            default ->
                throw absent(
                        "there is no such place", "try /health, /ready, /projections, /projections/NAME or /metrics");
        };
    }

    private static Refused absent(String what, String remedy) {
        return new Refused(404, "not-found", what, remedy);
    }

    private Response ready() {
        ProjectionHost opened = host;
        if (opened == null) {
            return Response.json(503, ProjectionJson.statuses(false, List.of()));
        }
        List<ProjectionStatus> statuses = opened.statuses();
        boolean ready = statuses.stream().allMatch(status -> status.readiness() instanceof Readiness.Ready);
        return Response.json(ready ? 200 : 503, ProjectionJson.statuses(ready, statuses));
    }

    private Response projection(Request request, String rest) throws Refused {
        int slash = rest.indexOf('/');
        String name = Request.decoded(slash < 0 ? rest : rest.substring(0, slash));
        ProjectionHost opened = host;
        if (opened == null) {
            return notYet("rebuilding", "The store is being opened.", request);
        }
        if (!opened.names().contains(name)) {
            throw absent("there is no such projection", "see " + PROJECTIONS);
        }
        ProjectionStatus status = opened.status(name);
        if (!status.served()) {
            boolean failed = status.readiness() instanceof Readiness.Failed;
            return notYet(failed ? "failed" : "rebuilding", "There is no complete state yet.", request);
        }
        Response response = slash < 0
                ? rows(opened, name, request.query())
                : row(opened, name, Request.decoded(rest.substring(slash + 1)), request);
        Response told = response.with("X-Projection-Status", ProjectionJson.word(status.readiness()));
        return status.position() == null || told.headers().containsKey("X-Projection-Position")
                ? told
                : told.with("X-Projection-Position", status.position().toString());
    }

    private static Response notYet(String state, String what, Request request) {
        return Response.error(503, state, what, where(request), "see /ready, and ask again")
                .with("X-Projection-Status", state);
    }

    private static Response row(ProjectionHost host, String name, String key, Request request) throws Refused {
        known(request.query(), Set.of());
        if (key.getBytes(StandardCharsets.UTF_8).length > Projection.MAX_KEY_BYTES) {
            throw Refused.malformed("a key has at most " + Projection.MAX_KEY_BYTES + " bytes");
        }
        Optional<StoredView> row = host.stored(name, key);
        return row.map(view -> Response.json(200, view.json())
                        .with("X-Projection-Position", view.position().toString()))
                .orElseGet(() -> Response.error(
                        404, "not-found", "There is no such row.", where(request), "see " + PROJECTIONS + "/" + name));
    }

    private static Response rows(ProjectionHost host, String name, Map<String, String> query) throws Refused {
        known(query, Set.of("prefix", "after", "limit"));
        int limit = limit(query.get("limit"));
        String prefix = query.getOrDefault("prefix", "");
        String after = query.getOrDefault("after", "");
        List<StoredView> rows = new ArrayList<>();
        long characters = 0;
        while (rows.size() < limit && characters < PAGE_CHARACTERS) {
            int wanted = Math.min(CHUNK, limit - rows.size());
            List<StoredView> chunk = host.stored(name, prefix, after, wanted);
            rows.addAll(chunk);
            if (chunk.size() < wanted) {
                return page(rows, null);
            }
            after = chunk.get(chunk.size() - 1).key();
            characters += chunk.stream().mapToLong(row -> row.json().length()).sum();
        }
        return page(rows, after.isEmpty() ? null : after); // the one row of a single projection
    }

    private static Response page(List<StoredView> rows, @Nullable String next) {
        return Response.json(200, ProjectionJson.rows(rows, next));
    }

    private static int limit(@Nullable String said) throws Refused {
        if (said == null) {
            return ROWS_BY_DEFAULT;
        }
        int limit = said.matches("[0-9]{1,6}") ? Integer.parseInt(said) : 0;
        if (limit < 1 || limit > MOST_ROWS) {
            throw Refused.malformed("limit is a whole number, 1 to " + MOST_ROWS);
        }
        return limit;
    }

    private static void known(Map<String, String> query, Set<String> known) throws Refused {
        if (!known.containsAll(query.keySet())) {
            throw Refused.malformed("it knows these parameters: " + new TreeSet<>(known));
        }
    }
}
