package dev.evstore.fs;

import static dev.evstore.fs.Counting.CODEC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.codec.Decoded;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.projection.Applied;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.Readiness;
import dev.evstore.fs.Counting.Added;
import dev.evstore.fs.Counting.Trail;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of a process whose host follows, builds and writes: the next one goes on (rules R9, R5, R10). */
@Tag("stores")
@Timeout(240)
class KilledProjectionIT {

    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    @Test
    void r9_afterKillsNothingIsCountedTwice() throws Exception { // R9
        rounds(6, 1);
    }

    @Test
    @Tag("soak")
    @Timeout(3600)
    void r9_afterAHundredKillsNothingIsCountedTwice() throws Exception { // R9
        rounds(100, System.nanoTime());
    }

    private void rounds(int count, long seed) throws Exception {
        FileEventStore.create(directory).close();
        Random random = new Random(seed);
        for (int round = 0; round < count; round++) {
            try {
                killed(random);
                assertWhole(round % 3 == 2);
            } catch (Exception | Error e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
    }

    /** Some time after a number of lines that chance chooses. */
    private void killed(Random random) throws Exception {
        try (StoreProcess process =
                ProjectionProcess.start(directory, 1 + random.nextInt(40), 1 + random.nextInt(20))) {
            process.go();
            for (int line = random.nextInt(25); line >= 0; line--) {
                process.line();
            }
            LockSupport.parkNanos(random.nextInt((int) TimeUnit.MILLISECONDS.toNanos(60)));
            process.kill();
        }
    }

    private void assertWhole(boolean toTheEnd) {
        Projection<Trail> trails = Counting.trails();
        Projection<Trail> byAmount = Counting.byAmount();
        try (FileEventStore store = FileEventStore.open(directory);
                ProjectionHost host = ProjectionHost.open(
                        store, CODEC, ProjectionOptions.defaults().withoutThreads(), List.of(trails, byAmount))) {
            if (toTheEnd) {
                host.catchUp();
                assertEquals(KeptState.trails(store), rows(host, trails));
                assertEquals(byAmount(store), rows(host, byAmount));
                assertFalse(host.view(trails, "s0").orElseThrow().stale());
            } else {
                host.statuses().forEach(status -> assertTrue(status.lag() >= 0, status::toString));
            }
        }
    }

    private static Map<String, String> rows(ProjectionHost host, Projection<Trail> projection) {
        Map<String, String> rows = new TreeMap<>();
        host.list(projection, "")
                .forEach(view -> rows.put(view.key(), view.state().amounts()));
        return rows;
    }

    private static Map<String, String> byAmount(FileEventStore store) {
        Map<String, String> rows = new TreeMap<>();
        for (StoredEvent event : store.readAll(ReadAllOptions.forwards())) {
            Added added = ((Decoded.Known<Added>) CODEC.decode(event)).value();
            rows.merge("c" + added.cents(), "," + event.stream(), String::concat);
        }
        return rows;
    }

    @Test
    void r10_ofTwoProcessesOneWorksAndAKillFreesTheSeat() throws Exception { // R10
        AtomicLong given = new AtomicLong();
        Projection<Trail> trails = Projection.named("trails")
                .version(1)
                .perStream()
                .initially(() -> new Trail(""))
                .on(Added.class, (trail, added) -> {
                    given.incrementAndGet();
                    return trail.plus(added);
                })
                .build();
        Projection<Trail> byAmount = Counting.byAmount();
        FileEventStore.create(directory).close();
        try (StoreProcess process = ProjectionProcess.start(directory, 10, 10);
                FileEventStore store =
                        FileEventStore.open(directory, StoreOptions.defaults().poll(Duration.ofMillis(20)))) {
            process.go();
            List<String> said = new ArrayList<>();
            while (said.stream().noneMatch(line -> line.startsWith("applied"))) {
                said.add(process.line());
            }
            try (ProjectionHost host = ProjectionHost.open(store, CODEC, trails, byAmount)) {
                for (int line = 0; line < 10; line++) {
                    process.line();
                }
                KeptState.until(() -> host.status("trails").active()
                        && host.view(trails, "s0").isPresent());
                assertEquals(0, given.get(), "it only looks");
                process.kill();
                assertTrue(host.awaitReady(LONG));
                assertEquals(Applied.APPLIED, host.awaitApplied(Counting.add(store, "s0", 5), LONG));
                KeptState.until(() -> host.status("trails").readiness() instanceof Readiness.Ready);
                assertEquals(KeptState.trails(store), rows(host, trails));
                assertEquals(byAmount(store), rows(host, byAmount));
            }
        }
    }
}
