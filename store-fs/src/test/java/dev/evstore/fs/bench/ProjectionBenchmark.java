package dev.evstore.fs.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures read models on stores of 1,000 and 1,000,000 transactions in 1,000 streams, and a plain loop over a plain
 * SQLite table beside them. Each task runs in a process of its own with 256 MB of heap. The name keeps it out of every
 * build; {@code ./bench projections} starts it and shows the table it writes.
 */
class ProjectionBenchmark {

    private static final List<Integer> SIZES = List.of(1_000, Integer.getInteger("evstore.bench.projected", 1_000_000));
    private static final int STREAMS = 1_000;

    @TempDir
    Path directory;

    @Test
    void measure() throws IOException, InterruptedException {
        Figures figures = new Figures();
        for (int size : SIZES) {
            Workload workload = new Workload(size, size == 1_000 ? 10 : STREAMS);
            Workload shown = new Workload(size, STREAMS);
            Path where = Files.createDirectories(directory.resolve("store-" + size));
            run(BenchProcess.class, BenchProcess.Task.IMPORT.name(), where, workload, shown, figures);
            for (ProjectionBenchProcess.Task task : ProjectionBenchProcess.Task.values()) {
                run(ProjectionBenchProcess.class, task.name(), where, workload, shown, figures);
            }
            Files.writeString(
                    Path.of("target", "bench.md"), figures.table(SIZES, List.of(STREAMS)), StandardCharsets.UTF_8);
        }
    }

    private static void run(
            Class<?> process, String task, Path where, Workload workload, Workload shown, Figures figures)
            throws IOException, InterruptedException {
        System.err.printf("%s, %,d transactions%n", task, workload.transactions());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                process.getName(),
                task,
                where.toString(),
                String.valueOf(workload.transactions()),
                String.valueOf(workload.streams())));
        Process started = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.inputReader(StandardCharsets.UTF_8).lines().forEach(line -> figures.add(shown, line));
        assertEquals(0, started.waitFor(), task);
    }
}
