package dev.evstore.fs.metrics;

import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import dev.evstore.fs.ProjectionHost;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The meters of a host's projections, each with the tag {@code projection}. Counts begin when the host is opened, and
 * change only with what is committed (rule W6). Thread-safe.
 */
public final class ProjectionMetrics implements MeterBinder {

    private static final String PREFIX = "evstore.projection.";

    private final ProjectionHost host;

    /**
     * @param host stays open as long as the registry is asked
     */
    public ProjectionMetrics(ProjectionHost host) {
        this.host = host;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (String name : host.names()) {
            Tags tags = Tags.of("projection", name);
            counter(registry, tags, name, "events.replayed", "events given to handlers", c -> c.events());
            counter(registry, tags, name, "rows.refolded", "rows that were folded again", c -> c.refolded());
            counter(registry, tags, name, "writes", "transactions written", c -> c.writes());
            time(registry, tags, name, "duration", "time spent reading, folding and writing", c -> c.workedNanos());
            time(
                    registry,
                    tags,
                    name,
                    "stalled",
                    "time spent waiting because as much as may be was waiting to be written",
                    c -> c.stalledNanos());
            gauge(
                    registry,
                    tags,
                    name,
                    "rows.queued",
                    "rows that are changed and not written",
                    s -> s.counts().queued());
            gauge(
                    registry,
                    tags,
                    name,
                    "events.parked",
                    "events that failed and are parked",
                    s -> s.counts().parked());
            gauge(
                    registry,
                    tags,
                    name,
                    "events.skipped",
                    "events that failed and are left out",
                    s -> s.counts().skipped());
            gauge(registry, tags, name, "lag.from.head", "events that are not applied yet", s -> s.lag());
            gauge(
                    registry,
                    tags,
                    name,
                    "ready",
                    "1 if it is ready",
                    s -> s.readiness() instanceof Readiness.Ready ? 1 : 0);
        }
    }

    private void time(
            MeterRegistry registry,
            Tags tags,
            String name,
            String meter,
            String description,
            ToDoubleFunction<ProjectionStatus.Counts> nanos) {
        TimeGauge.builder(
                        PREFIX + meter,
                        host,
                        TimeUnit.NANOSECONDS,
                        of -> nanos.applyAsDouble(of.status(name).counts()))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void counter(
            MeterRegistry registry,
            Tags tags,
            String name,
            String meter,
            String description,
            ToDoubleFunction<ProjectionStatus.Counts> count) {
        FunctionCounter.builder(
                        PREFIX + meter,
                        host,
                        of -> count.applyAsDouble(of.status(name).counts()))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void gauge(
            MeterRegistry registry,
            Tags tags,
            String name,
            String meter,
            String description,
            ToDoubleFunction<ProjectionStatus> value) {
        Gauge.builder(PREFIX + meter, host, of -> value.applyAsDouble(of.status(name)))
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
