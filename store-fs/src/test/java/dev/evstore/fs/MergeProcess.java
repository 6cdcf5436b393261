package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.fs.git.Merging;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process of its own that merges and is stopped, as by {@code kill -9}, after a step. */
final class MergeProcess {

    private static final int STOPPED = 99;

    private MergeProcess() {}

    /** Starts one that stops there, and waits for its end. */
    static void killedAt(Path root, String ref, Merging.Step step) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MergeProcess.class.getName(),
                        root.toString(),
                        ref,
                        step.name())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(STOPPED, process.waitFor(), said);
    }

    /** {@code DIRECTORY REF STEP}. */
    public static void main(String[] arguments) {
        Merging.Step last = Merging.Step.valueOf(arguments[2]);
        try (FileEventStore store = FileEventStore.open(Path.of(arguments[0]))) {
            GitWorkTree.of(store).merge(arguments[1], step -> {
                if (step == last) {
                    Runtime.getRuntime().halt(STOPPED);
                }
            });
        }
    }
}
