package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.ProgressListener;
import dev.evstore.fs.git.Stopped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A process of its own that resolves or packs and is stopped, as by {@code kill -9}, after a step. */
final class KilledProcess {

    private static final int STOPPED = 99;

    private KilledProcess() {}

    /**
     * Starts one that stops when it has done that for this many times, and waits for its end.
     *
     * @param step of {@link Stopped.Step} or {@link PackOperation.Step}, which says what is done
     */
    static void at(Path root, Enum<?> step, int time) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledProcess.class.getName(),
                        root.toString(),
                        step instanceof PackOperation.Step ? "pack" : "resolve",
                        step.name(),
                        String.valueOf(time))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(STOPPED, process.waitFor(), said);
    }

    /** {@code DIRECTORY WHAT STEP TIME}. */
    public static void main(String[] arguments) {
        AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[3]));
        Consumer<Enum<?>> reached = step -> {
            if (step.name().equals(arguments[2]) && left.decrementAndGet() == 0) {
                Runtime.getRuntime().halt(STOPPED);
            }
        };
        try (FileEventStore store = FileEventStore.open(Path.of(arguments[0]))) {
            GitWorkTree tree = GitWorkTree.of(store);
            if (arguments[1].equals("pack")) {
                tree.pack(null, ProgressListener.NONE, reached::accept);
            } else {
                tree.resolve(reached::accept);
            }
        }
    }
}
