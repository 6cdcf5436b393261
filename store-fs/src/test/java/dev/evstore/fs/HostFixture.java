package dev.evstore.fs;

import static dev.evstore.fs.Counting.CODEC;
import static dev.evstore.fs.Counting.add;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import dev.evstore.fs.Counting.Added;
import dev.evstore.fs.Counting.Total;
import dev.evstore.fs.Counting.Trail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;

/** A store that is looked at often, hosts of it, and projections that count. */
abstract class HostFixture {

    static final Duration LONG = Duration.ofMinutes(2);
    static final ProjectionOptions STILL = ProjectionOptions.defaults().withoutThreads();

    @TempDir
    Path directory;

    FileEventStore create() {
        return FileEventStore.create(directory, StoreOptions.defaults().poll(Duration.ofMillis(20)));
    }

    static Projection<Total> totals(int version, Consumer<Added> doing) {
        return Projection.named("totals")
                .version(version)
                .perStream()
                .initially(Total::none)
                .on(Added.class, (total, added) -> {
                    doing.accept(added);
                    return total.plus(added);
                })
                .build();
    }

    static Projection<Total> failingAt(long cents) {
        return totals(1, added -> {
            if (added.cents() == cents) {
                throw new IllegalStateException("not this one");
            }
        });
    }

    static ProjectionHost still(FileEventStore store, Projection<?>... all) {
        return ProjectionHost.open(store, CODEC, STILL, List.of(all));
    }

    static long count(ProjectionHost host, Projection<Total> totals, String key) {
        return host.view(totals, key).orElseThrow().state().count();
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static <R extends Readiness> R readiness(Class<R> type, ProjectionStatus status) {
        return assertInstanceOf(type, status.readiness(), status::toString);
    }

    static String amounts(ProjectionHost host, Projection<Trail> trails, String key) {
        return host.view(trails, key).orElseThrow().state().amounts();
    }

    /** Brings a transaction in that comes canonically before others, as a merge does. */
    void late(FileEventStore store, String stream, Runnable before) throws IOException {
        Aside late = new Aside(KeptState.loose(directory, add(store, stream, 0)));
        store.refresh();
        before.run();
        late.back();
    }

    /** A file that is taken away, and may be brought back. */
    final class Aside {
        private final Path file;
        private final Path now;

        Aside(Path file) throws IOException {
            this.file = file;
            this.now = Files.move(file, directory.resolve("aside " + file.getFileName()));
        }

        void back() throws IOException {
            Files.move(now, file);
        }
    }
}
