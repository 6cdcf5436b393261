package dev.evstore.fs.http;

import dev.evstore.core.StoreUnusableException;
import dev.evstore.fs.ProjectionHost;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves the projections of a host over HTTP, on the loopback address. It can be started before the store is opened: then
 * it is healthy and not ready.
 *
 * <ul>
 *   <li>{@code /health}: 200, always and at once
 *   <li>{@code /ready}: 200 if all projections are ready, else 503; where each stands
 *   <li>{@code /projections}: their names
 *   <li>{@code /projections/NAME?prefix=&after=&limit=}: rows by key; {@code next} is the key to go on behind
 *   <li>{@code /projections/NAME/KEY}: the row as it is stored; {@code /projections/NAME/} that of a single one
 *   <li>{@code /metrics}: meters in Prometheus text, if there are any
 * </ul>
 *
 * <p>What reads rows answers 503 only while there is no complete state, else 200 or 404, and says how current it is by
 * {@code X-Projection-Status} and {@code X-Projection-Position}. An error is {@code {"error","what","where","try"}}. Who
 * asks for another {@code Host} than the address is refused, so that no page in a browser can read along.
 *
 * <p>Thread-safe.
 */
public final class ProjectionServer implements AutoCloseable {

    private final Routes routes;
    private final HttpLoop loop;

    private ProjectionServer(Routes routes, HttpLoop loop) {
        this.routes = routes;
        this.loop = loop;
    }

    /**
     * Begins to answer; until {@link #serve} nothing is ready.
     *
     * @param port 0..65535; 0 for any that is free
     * @param metrics what {@code /metrics} answers, or null for nothing
     * @throws StoreUnusableException the port is taken, or may not be used
     */
    public static ProjectionServer start(int port, @Nullable Supplier<String> metrics) {
        return start(port, metrics, Limits.DEFAULT);
    }

    static ProjectionServer start(int port, @Nullable Supplier<String> metrics, Limits limits) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
        Routes routes = new Routes(metrics);
        try {
            return new ProjectionServer(routes, HttpLoop.start(port, limits, routes));
        } catch (IOException e) {
            throw new StoreUnusableException(
                    "The port can't be listened on.",
                    "127.0.0.1:" + port + ": " + e.getMessage(),
                    "choose another; 0 takes any that is free",
                    e);
        }
    }

    /** From now on the projections of this host are served. It stays open longer than this. */
    public void serve(ProjectionHost host) {
        routes.serve(host);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return loop.address();
    }

    /** Listens no more. When it returns, the host is not asked any more. Idempotent. */
    @Override
    public void close() {
        try {
            loop.close();
        } catch (IOException e) {
            throw new StoreUnusableException(
                    "The HTTP server did not end well.", address().toString(), "nothing", e);
        }
    }
}
