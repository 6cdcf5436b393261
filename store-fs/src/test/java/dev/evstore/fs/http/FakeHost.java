package dev.evstore.fs.http;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import dev.evstore.fs.ProjectionHost;
import dev.evstore.fs.StoredView;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A host of one projection, {@code items}, that stands where a test says. */
final class FakeHost {

    final SortedMap<String, String> rows = new TreeMap<>();
    volatile Readiness readiness = new Readiness.Ready();
    volatile boolean served = true;
    /** Whether readings fail. */
    volatile boolean broken;
    /** What a reading waits for. */
    volatile @Nullable CountDownLatch gate;

    ProjectionHost host() {
        return (ProjectionHost) Proxy.newProxyInstance(
                ProjectionHost.class.getClassLoader(),
                new Class<?>[] {ProjectionHost.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "names" -> Set.of("items");
                    case "statuses" -> List.of(status());
                    case "status" -> status();
                    case "stored" ->
                        arguments.length == 2
                                ? row((String) arguments[1])
                                : rows((String) arguments[1], (String) arguments[2], (int) arguments[3]);
                    default -> throw new IllegalStateException("not asked for: " + method);
                });
    }

    private ProjectionStatus status() {
        return new ProjectionStatus(
                "items",
                readiness,
                false,
                true,
                served,
                false,
                false,
                FeedCursor.beginning(),
                7,
                ProjectionStatus.Counts.NONE,
                null);
    }

    private Optional<StoredView> row(String key) throws InterruptedException {
        if (broken) {
            throw new IllegalStateException("broken");
        }
        CountDownLatch closed = gate;
        if (closed != null) {
            closed.await();
        }
        return Optional.ofNullable(rows.get(key)).map(json -> view(key, json));
    }

    private List<StoredView> rows(String prefix, String after, int limit) {
        return rows.entrySet().stream()
                .filter(row -> row.getKey().startsWith(prefix) && row.getKey().compareTo(after) > 0)
                .limit(limit)
                .map(row -> view(row.getKey(), row.getValue()))
                .toList();
    }

    private static StoredView view(String key, String json) {
        return new StoredView(key, json, FeedCursor.beginning(), null, false, false);
    }
}
