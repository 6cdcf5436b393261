package dev.evstore.core.projection.engine;

import dev.evstore.core.codec.PayloadException;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.EventId;
import dev.evstore.core.projection.ErrorPolicy;
import dev.evstore.core.projection.Order;
import dev.evstore.core.projection.ProjectedEvent;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionBuilder;
import dev.evstore.testkit.MemoryRows;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Projections of every sort, and what each has to come to, said without any engine. */
enum Sort {
    PER_STREAM,
    PER_STREAM_WITH_REDACTED,
    SINGLE,
    KEYED,
    KEYED_PARKING,
    ARRIVAL;

    private static final String INITIAL = Did.NOTHING;

    boolean isKeyed() {
        return this == KEYED || this == KEYED_PARKING;
    }

    private boolean foldsRedacted() {
        return this == PER_STREAM_WITH_REDACTED || this == SINGLE;
    }

    Projection<String> projection() {
        var start = Projection.named("p").version(1);
        ProjectionBuilder<String> builder = switch (this) {
            case PER_STREAM, PER_STREAM_WITH_REDACTED, ARRIVAL ->
                start.perStream().initially(() -> INITIAL);
            case SINGLE -> start.single().initially(() -> INITIAL);
            case KEYED, KEYED_PARKING ->
                start.keyedByEach(e -> ((Did) e.value()).toKeys()).initially(() -> INITIAL);
        };
        if (this == ARRIVAL) {
            return builder.onType("Did", Sort::noted).order(Order.ARRIVAL).build();
        }
        if (foldsRedacted()) {
            builder.onRedacted((state, event) -> Did.chain(state, "redacted " + event.id()));
        }
        return builder.on(Did.class, (state, did) -> did.fold(state))
                .onError(this == KEYED_PARKING ? ErrorPolicy.PARK : ErrorPolicy.SKIP)
                .build();
    }

    /** Every event seen, sorted: how often, but not in which order. */
    private static String noted(String state, ProjectedEvent event) {
        return Stream.concat(Stream.of(state.split(" ")), Stream.of(event.id().toString()))
                .sorted()
                .reduce((a, b) -> a + " " + b)
                .orElseThrow();
    }

    /** The rows as texts of state, mark and count; the failures as texts of row and event. */
    record Outcome(TreeMap<String, String> rows, Set<String> failures) {}

    static Outcome of(MemoryRows.Contents contents, boolean marks) {
        TreeMap<String, String> rows = new TreeMap<>();
        contents.rows().forEach((key, row) -> {
            byte[] state = row.state();
            rows.put(
                    key,
                    text(
                            state == null ? null : new String(state, StandardCharsets.UTF_8),
                            marks ? row.mark() : null,
                            row.count()));
        });
        Set<String> failures = new TreeSet<>();
        contents.failures().forEach(failure -> failures.add(failure.key() + " " + failure.event()));
        return new Outcome(rows, failures);
    }

    private static String text(@Nullable String state, @Nullable EventId mark, long count) {
        return state + " after " + count + ", the last " + mark;
    }

    private static final class Naive {
        @Nullable
        String state;

        @Nullable
        EventId mark;

        long count;
    }

    /** The fold of these events, which are in canonical order. */
    Outcome naively(List<StoredEvent> events) {
        TreeMap<String, Naive> rows = new TreeMap<>();
        Set<String> failures = new TreeSet<>();
        for (StoredEvent event : events) {
            for (String key : naiveKeys(event, failures)) {
                Naive row = rows.computeIfAbsent(key, k -> new Naive());
                row.mark = event.id();
                row.count++;
                try {
                    row.state = naiveFold(row.state == null ? INITIAL : row.state, event);
                } catch (RuntimeException e) {
                    failures.add(key + " " + event.id());
                }
            }
        }
        TreeMap<String, String> texts = new TreeMap<>();
        rows.forEach((key, row) -> texts.put(
                key,
                text(row.state == null ? null : '"' + row.state + '"', this == ARRIVAL ? null : row.mark, row.count)));
        return new Outcome(texts, failures);
    }

    private List<String> naiveKeys(StoredEvent event, Set<String> failures) {
        if (!event.type().value().equals("Did")) {
            return List.of();
        }
        if (event instanceof RedactedEvent && !foldsRedacted()) {
            return List.of();
        }
        if (isKeyed()) {
            try {
                return new ArrayList<>(read(event).toKeys());
            } catch (RuntimeException e) {
                failures.add(" " + event.id());
                return List.of();
            }
        }
        return List.of(this == SINGLE ? "" : event.stream().value());
    }

    private @Nullable String naiveFold(String state, StoredEvent event) {
        if (event instanceof RedactedEvent) {
            return Did.chain(state, "redacted " + event.id());
        }
        if (this == ARRIVAL) {
            List<String> all = new ArrayList<>(List.of(state.split(" ")));
            all.add(event.id().toString());
            all.sort(null);
            return String.join(" ", all);
        }
        return read(event).fold(state);
    }

    private static Did read(StoredEvent event) throws PayloadException {
        return Did.CODEC.payloads().read(((RecordedEvent) event).data(), Did.class);
    }
}
