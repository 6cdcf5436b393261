package dev.evstore.cli.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command end well that runs until it is told to stop: the process waits, for a while, until it has. The command
 * is asked, not interrupted, for interrupting a thread closes the files that it reads.
 */
final class Ending implements AutoCloseable {

    private static final int MOST_SECONDS = 20;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "evstore-ending");
    private volatile boolean told;

    private Ending() {}

    static Ending watched() {
        Ending ending = new Ending();
        Runtime.getRuntime().addShutdownHook(ending.hook);
        return ending;
    }

    private void end() {
        told = true;
        try {
            if (!done.await(MOST_SECONDS, TimeUnit.SECONDS)) {
                System.getLogger("dev.evstore").log(System.Logger.Level.WARNING, "the command did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * @throws InterruptedException the process is told to end
     */
    void check() throws InterruptedException {
        if (told) {
            throw new InterruptedException("told to end");
        }
    }

    /** The command has ended. */
    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            told = true; // the process is ending already, and this is what it waited for
        }
    }
}
