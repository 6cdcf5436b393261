package dev.evstore.fs.simulation;

import dev.evstore.fs.FileEventStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Walks many seeds on all cores, and tells of those that fail, each with the shortest walk found that fails alike. */
final class Seeds {

    /** How many failures are enough to stop. */
    static final int MOST_FAILURES = 3;

    private static final long REPORT = 1_000;

    /** Told with a stack trace of every fault that a store closed with; a reference, for loggers are forgotten. */
    private static final Logger STORES = Logger.getLogger(FileEventStore.class.getName());

    private final long first;
    private final long count;
    private final AtomicLong next;
    private final AtomicLong done = new AtomicLong();
    private final AtomicInteger failed = new AtomicInteger();
    private final long start = System.nanoTime();

    private Seeds(long first, long count) {
        this.first = first;
        this.count = count;
        this.next = new AtomicLong(first);
    }

    /**
     * Walks them, and prints what happened in those that failed.
     *
     * @return those; after {@link #MOST_FAILURES} no more are walked
     */
    static List<Long> failing(long first, long count) throws IOException, InterruptedException {
        return new Seeds(first, count).run();
    }

    private List<Long> run() throws IOException, InterruptedException {
        STORES.setLevel(Level.SEVERE);
        Path scratch = scratch();
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<List<Long>>> running = new ArrayList<>();
            for (int k = 0; k < threads; k++) {
                running.add(pool.submit(() -> walk(scratch)));
            }
            List<Long> failing = new ArrayList<>();
            for (Future<List<Long>> one : running) {
                failing.addAll(one.get());
            }
            return failing;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a seed could not be walked", e.getCause());
        } finally {
            pool.shutdown();
            pool.awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS);
            Trees.remove(scratch);
            STORES.setLevel(null);
        }
    }

    private List<Long> walk(Path scratch) throws IOException {
        List<Long> failing = new ArrayList<>();
        long seed = next.getAndIncrement();
        while (seed < first + count && failed.get() < MOST_FAILURES) {
            Walk.Result whole = new Walk(seed, Set.of()).run(scratch);
            if (whole.failure() != null) {
                failed.incrementAndGet();
                System.out.println(describe(seed, whole, scratch));
                failing.add(seed);
            }
            if (done.incrementAndGet() % REPORT == 0) {
                long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
                System.out.printf("%,d seeds in %,d s, %d failed%n", done.get(), seconds, failed.get());
            }
            seed = next.getAndIncrement();
        }
        return failing;
    }

    /** In memory where the system has a place for that: what is kept after a stop is simulated, not asked of a disk. */
    private static Path scratch() throws IOException {
        Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "evstore-simulation")
                : Files.createTempDirectory("evstore-simulation");
    }

    private static String describe(long seed, Walk.Result whole, Path scratch) throws IOException {
        Set<Integer> left = shorten(seed, whole, scratch);
        Walk.Result shortest = new Walk(seed, left).run(scratch);
        List<String> lines = new ArrayList<>();
        lines.add("seed " + seed + " fails, and without most of its steps, too:");
        lines.addAll(shortest.trace());
        lines.add(stack(shortest.failure() == null ? whole.failure() : shortest.failure()));
        lines.add("repeat with: ./simulate 1 " + seed);
        return String.join("\n", lines);
    }

    /** Leaves out steps, many at first, as long as the walk fails in the same way. */
    private static Set<Integer> shorten(long seed, Walk.Result whole, Path scratch) throws IOException {
        Set<Integer> left = new HashSet<>();
        for (int size = whole.steps() / 2; size >= 1; size /= 2) {
            for (int end = whole.steps(); end > 0; end -= size) {
                Set<Integer> more = new HashSet<>(left);
                for (int number = Math.max(0, end - size); number < end; number++) {
                    more.add(number);
                }
                if (more.size() > left.size()
                        && kind(new Walk(seed, more).run(scratch)).equals(kind(whole))) {
                    left = more;
                }
            }
        }
        return left;
    }

    /** What failed: of what class, and the words before the first colon. */
    private static String kind(Walk.Result result) {
        Throwable failure = result.failure();
        if (failure == null) {
            return "";
        }
        String message = String.valueOf(failure.getMessage());
        return failure.getClass() + message.substring(0, (message + ":").indexOf(':'));
    }

    private static String stack(@Nullable Throwable failure) {
        StringWriter text = new StringWriter();
        if (failure != null) {
            failure.printStackTrace(new PrintWriter(text));
        }
        return text.toString();
    }
}
