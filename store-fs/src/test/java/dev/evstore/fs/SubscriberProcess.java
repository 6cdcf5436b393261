package dev.evstore.fs;

import dev.evstore.core.FeedEntry;
import dev.evstore.core.SubscriptionHandler;
import dev.evstore.core.SubscriptionOptions;
import dev.evstore.core.event.EventFilter;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A process with a subscription. It writes a line for what it is told and never returns from an event named Hold. */
final class SubscriberProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader out;

    private SubscriberProcess(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
    }

    static SubscriberProcess start(Path store, String name) throws IOException {
        return new SubscriberProcess(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SubscriberProcess.class.getName(),
                        store.toString(),
                        name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The next line; null when the process has ended. */
    String line() throws IOException {
        return String.valueOf(out.readLine());
    }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    public static void main(String[] arguments) throws InterruptedException {
        FileEventStore store = FileEventStore.open(
                Path.of(arguments[0]), StoreOptions.defaults().poll(Duration.ofMillis(10)));
        store.subscribe(
                arguments[1], EventFilter.all(), SubscriptionOptions.fromBeginning(), new SubscriptionHandler() {
                    @Override
                    public void onEvent(FeedEntry.Arrival arrival) throws InterruptedException {
                        System.out.println("+" + arrival.event().type());
                        if (arrival.event().type().value().equals("Hold")) {
                            new CountDownLatch(1).await();
                        }
                    }

                    @Override
                    public void onCaughtUp() {
                        System.out.println("live");
                    }
                });
        new CountDownLatch(1).await();
    }
}
