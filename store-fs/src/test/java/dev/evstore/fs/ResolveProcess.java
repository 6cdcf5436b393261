package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.fs.git.Stopped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A process of its own that ends git's conflicts and is stopped, as by {@code kill -9}, after a step. */
final class ResolveProcess {

    private static final int STOPPED = 99;

    private ResolveProcess() {}

    /** Starts one that stops when it has done that for this many times, and waits for its end. */
    static void killedAt(Path root, Stopped.Step step, int time) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ResolveProcess.class.getName(),
                        root.toString(),
                        step.name(),
                        String.valueOf(time))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(STOPPED, process.waitFor(), said);
    }

    /** {@code DIRECTORY STEP TIME}. */
    public static void main(String[] arguments) {
        Stopped.Step last = Stopped.Step.valueOf(arguments[1]);
        AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[2]));
        try (FileEventStore store = FileEventStore.open(Path.of(arguments[0]))) {
            GitWorkTree.of(store).resolve(step -> {
                if (step == last && left.decrementAndGet() == 0) {
                    Runtime.getRuntime().halt(STOPPED);
                }
            });
        }
    }
}
