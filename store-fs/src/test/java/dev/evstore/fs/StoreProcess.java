package dev.evstore.fs;

import dev.evstore.core.AppendResult;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.fs.disk.StoreLock;
import dev.evstore.testkit.ManualClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of its own that uses a store, and the handle by which a test holds it. It says what it did, line by line. */
final class StoreProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader lines;

    private StoreProcess(Process process) {
        this.process = process;
        this.lines = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts one; it has said that it is ready, and waits for {@link #go()}. */
    static StoreProcess start(String task, Object... arguments) throws IOException {
        List<Object> all = new ArrayList<>(List.of(task));
        all.addAll(List.of(arguments));
        return start(StoreProcess.class, all);
    }

    /** Starts another program than this class. */
    static StoreProcess start(Class<?> program, List<Object> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        arguments.forEach(argument -> command.add(argument.toString()));
        StoreProcess started = new StoreProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        String first = started.lines.readLine();
        if (!"ready".equals(first)) {
            started.close();
            throw new IOException("the process said " + first);
        }
        return started;
    }

    StoreProcess go() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        return this;
    }

    long pid() {
        return process.pid();
    }

    /** A line for its standard input. */
    void tell(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Lets it end by itself: it may go on for a while. */
    StoreProcess stop() throws IOException {
        process.getOutputStream().close();
        return this;
    }

    /** The next line it says. */
    String line() throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw new IOException("the process has ended");
        }
        return line;
    }

    /** Everything it says until its end, which has to be a good one. */
    List<String> toItsEnd() throws IOException, InterruptedException {
        List<String> all = lines.lines().toList();
        if (process.waitFor() != 0) {
            throw new IOException("the process failed after " + all);
        }
        return all;
    }

    /** {@code kill -9}, without waiting for its end. */
    void destroy() {
        process.destroyForcibly();
    }

    /** {@code kill -9}; gives what it had still said. */
    List<String> kill() throws InterruptedException, IOException {
        process.destroyForcibly();
        process.waitFor();
        List<String> said = new ArrayList<>();
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
            }
        } catch (IOException e) {
            if (!"Stream closed".equals(e.getMessage())) {
                throw e;
            }
        }
        return said;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** {@code TASK DIRECTORY …}. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "hold" -> {
                try (StoreLock lock = StoreLock.open(Local.of(directory).resolve("lock"))) {
                    lock.acquire();
                    awaitGo();
                }
            }
            case "append" -> append(directory, StreamId.of(arguments[2]), arguments[3], Integer.parseInt(arguments[4]));
            case "two" -> appendToTwo(directory, Path.of(arguments[2]), Integer.parseInt(arguments[3]));
            case "open" -> {
                awaitGo();
                for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                    try (FileEventStore store = FileEventStore.open(directory)) {
                        store.append(StreamId.of("a"), ExpectedVersion.current(), NewEvent.of("T", "{}"));
                    }
                }
            }
            default -> untilKilled(directory);
        }
    }

    /** Says that it is ready, and waits until it is told to go. */
    static void awaitGo() throws IOException {
        say("ready");
        int read = System.in.read();
        if (read < 0) {
            throw new IOException("nobody is there any more");
        }
    }

    /** A line that it was told. */
    static String read() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = System.in.read(); c != '\n'; c = System.in.read()) {
            if (c < 0) {
                throw new IOException("nobody is there any more");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** With a clock that stands still, so that ids of several processes meet in one millisecond (T46). */
    private static void append(Path directory, StreamId stream, String expected, int count) throws IOException {
        try (FileEventStore store =
                FileEventStore.open(directory, StoreOptions.defaults().clock(new ManualClock()))) {
            awaitGo();
            for (int i = 0; i < count; i++) {
                AppendResult result = store.append(
                        stream,
                        expected.equals("any") ? ExpectedVersion.any() : ExpectedVersion.current(),
                        NewEvent.of("T", "{}"));
                say(result.transaction() + " " + result.state(stream).version());
            }
        }
    }

    private static void appendToTwo(Path one, Path other, int count) throws Exception {
        try (FileEventStore first = FileEventStore.open(one);
                FileEventStore second = FileEventStore.open(other)) {
            awaitGo();
            List<Throwable> trouble = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (FileEventStore store : List.of(first, second)) {
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < count; i++) {
                        store.append(StreamId.of("a"), ExpectedVersion.current(), NewEvent.of("T", "{}"));
                    }
                });
                thread.setUncaughtExceptionHandler((t, e) -> {
                    synchronized (trouble) {
                        trouble.add(e);
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            if (!trouble.isEmpty()) {
                throw new IllegalStateException(trouble.get(0));
            }
        }
    }

    /** Appends and follows the feed; says {@code ack TX} and {@code saw SEQUENCE TX}. */
    private static void untilKilled(Path directory) throws IOException {
        try (FileEventStore store = FileEventStore.open(directory)) {
            awaitGo();
            FeedCursor cursor = FeedCursor.beginning();
            for (long i = 0; ; i++) {
                StreamId stream = StreamId.of("s" + i % 3);
                say("ack "
                        + store.append(stream, ExpectedVersion.current(), NewEvent.of("T", "{\"i\":" + i + "}"))
                                .transaction());
                FeedPage page = store.readFeed(cursor, EventFilter.all(), 1000);
                for (FeedEntry entry : page.entries()) {
                    if (entry instanceof FeedEntry.Arrival arrival) {
                        say("saw " + entry.position().arrivals() + " "
                                + arrival.event().id().transaction());
                    }
                }
                cursor = page.next();
            }
        }
    }
}
