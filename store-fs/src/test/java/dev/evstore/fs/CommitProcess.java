package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process of its own that commits and is stopped, as by {@code kill -9}, after a step. */
final class CommitProcess {

    private static final int STOPPED = 99;

    private CommitProcess() {}

    /** Starts one that stops there, and waits for its end. */
    static void killedAt(Path root, CommitOperation.Step step) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CommitProcess.class.getName(),
                        root.toString(),
                        step.name())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(STOPPED, process.waitFor(), said);
    }

    /** {@code DIRECTORY STEP}. */
    public static void main(String[] arguments) {
        CommitOperation.Step last = CommitOperation.Step.valueOf(arguments[1]);
        try (FileEventStore store = FileEventStore.open(Path.of(arguments[0]))) {
            GitWorkTree.of(store).commit(null, step -> {
                if (step == last) {
                    Runtime.getRuntime().halt(STOPPED);
                }
            });
        }
    }
}
