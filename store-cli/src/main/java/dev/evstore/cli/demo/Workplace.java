package dev.evstore.cli.demo;

import dev.evstore.cli.Problem;
import dev.evstore.cli.Trouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory to demonstrate in, gone afterwards unless it is to be kept. */
public final class Workplace implements AutoCloseable {

    private static final int ATTEMPTS = 20;
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Path directory;
    private final boolean kept;
    private final Thread atExit = new Thread(this::clear, "evstore-demo-clear");

    private Workplace(Path directory, boolean kept) {
        this.directory = directory;
        this.kept = kept;
    }

    /**
     * @param keep where to work and leave everything: an empty directory or one to be made; null for a temporary one
     */
    public static Workplace open(@Nullable Path keep) throws IOException {
        if (keep == null) {
            Workplace place =
                    new Workplace(Files.createTempDirectory("evstore-demo-").toRealPath(), false);
            Runtime.getRuntime().addShutdownHook(place.atExit);
            return place;
        }
        Files.createDirectories(keep);
        try (Stream<Path> inside = Files.list(keep)) {
            if (inside.findAny().isPresent()) {
                throw new Trouble(Problem.usage(
                        "The directory to keep is not empty.", keep.toString(), "name one that is empty or not there"));
            }
        }
        return new Workplace(keep.toRealPath(), true);
    }

    public Path directory() {
        return directory;
    }

    @Override
    public void close() {
        if (!kept) {
            Runtime.getRuntime().removeShutdownHook(atExit);
            clear();
        }
    }

    /** When the user interrupts, git may still be writing: then what it leaves is taken away a moment later. */
    private void clear() {
        for (int attempt = 1; ; attempt++) {
            try {
                deleteAll();
                return;
            } catch (IOException | UncheckedIOException e) {
                if (attempt == ATTEMPTS) {
                    throw new IllegalStateException("the demonstration's directory stays: " + directory, e);
                }
                LockSupport.parkNanos(WAIT_NANOS);
            }
        }
    }

    private void deleteAll() throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> inner = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : inner) {
                Files.deleteIfExists(path);
            }
        }
    }
}
