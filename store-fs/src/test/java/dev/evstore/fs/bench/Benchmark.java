package dev.evstore.fs.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.fs.bench.BenchProcess.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures stores of 1,000 and 100,000 transactions, in one chain and in 1,000 streams, and a plain SQLite table beside
 * them. Each task runs in a process of its own with 128 MB of heap. The name keeps it out of every build; {@code ./bench}
 * starts it and shows the table it writes.
 */
class Benchmark {

    private static final List<Integer> SIZES = List.of(1_000, 100_000);
    private static final List<Integer> STREAMS = List.of(1, 1_000);

    @TempDir
    Path directory;

    @Test
    void measure() throws IOException, InterruptedException {
        Figures figures = new Figures();
        for (int streams : STREAMS) {
            for (int size : SIZES) {
                Workload workload = new Workload(size, streams);
                run(Task.IMPORT, 1, workload, figures);
                run(Task.OPEN, 7, workload, figures);
                run(Task.READ, 1, workload, figures);
                run(Task.VERIFY, 3, workload, figures);
                run(Task.REINDEX, 3, workload, figures);
                run(Task.APPEND, 1, workload, figures);
                Files.writeString(Path.of("target", "bench.md"), figures.table(SIZES, STREAMS), StandardCharsets.UTF_8);
            }
        }
    }

    private void run(Task task, int times, Workload workload, Figures figures)
            throws IOException, InterruptedException {
        Path where = Files.createDirectories(directory.resolve(workload.transactions() + "-" + workload.streams()));
        for (int time = 0; time < times; time++) {
            System.err.printf("%s, %,d transactions, %s%n", task, workload.transactions(), workload.shape());
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    BenchProcess.class.getName(),
                    task.name(),
                    where.toString(),
                    String.valueOf(workload.transactions()),
                    String.valueOf(workload.streams())));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            process.inputReader(StandardCharsets.UTF_8).lines().forEach(line -> figures.add(workload, line));
            assertEquals(0, process.waitFor(), task.name());
        }
    }
}
