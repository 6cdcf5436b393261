package dev.evstore.cli.resolver;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a process says, taken in while it is being talked to, so that neither waits for the other for ever. A process
 * that takes too long or says too much is ended, with those it has started.
 */
final class Conversation implements AutoCloseable {

    /** How much of standard error is kept. */
    private static final int MOST_ERRORS = 8 << 10;

    /** How long the output may stay open once the process has ended: whoever it left behind may hold it. */
    private static final long GRACE_MILLIS = 2_000;

    private final Process process;
    private final Duration mostTime;
    private final Thread watchdog;
    private final Intake output;
    private final Intake errors;
    private volatile @Nullable String trouble;

    Conversation(Process process, Duration mostTime) {
        this.process = process;
        this.mostTime = mostTime;
        this.output = new Intake(process.getInputStream(), ProgramResolver.MOST_OUTPUT);
        this.errors = new Intake(process.getErrorStream(), MOST_ERRORS);
        this.watchdog = daemon("watchdog", this::watch);
        output.thread.start();
        errors.thread.start();
        watchdog.start();
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, "evstore resolver " + name);
        thread.setDaemon(true);
        return thread;
    }

    /** One stream of the process, read to its end whatever its length. */
    private final class Intake {
        private final Thread thread;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final InputStream from;
        private final int most;
        private boolean tooMuch;

        Intake(InputStream from, int most) {
            this.from = from;
            this.most = most;
            this.thread = daemon("reader", this::read);
        }

        private void read() {
            byte[] buffer = new byte[8 << 10];
            try {
                for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                    take(buffer, n);
                }
            } catch (IOException e) {
                end("its output can't be read: " + e.getMessage());
            }
        }

        private synchronized void take(byte[] buffer, int n) {
            int room = Math.min(n, most - kept.size());
            kept.write(buffer, 0, room);
            if (room < n && !tooMuch) {
                tooMuch = true;
                if (most == ProgramResolver.MOST_OUTPUT) {
                    end("it printed more than " + (most >> 20) + " MiB");
                }
            }
        }

        synchronized byte[] bytes() {
            return kept.toByteArray();
        }
    }

    private void watch() {
        try {
            if (!process.waitFor(mostTime.toMillis(), TimeUnit.MILLISECONDS)) {
                end("it took longer than " + mostTime.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the conversation is over
        }
    }

    private void end(String why) {
        trouble = trouble == null ? why : trouble;
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Waits until it has ended and all is taken in. */
    void awaitEnd() {
        try {
            int exit = process.waitFor();
            output.thread.join(GRACE_MILLIS);
            errors.thread.join(GRACE_MILLIS);
            if (trouble == null && exit != 0) {
                trouble = "it ended with exit code " + exit;
            } else if (trouble == null && output.thread.isAlive()) {
                trouble = "it left a process behind that holds its output";
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end("it was interrupted");
        }
    }

    /** Why there is no answer; null if there may be one. */
    @Nullable
    String trouble() {
        return trouble;
    }

    byte[] output() {
        return output.bytes();
    }

    /** The beginning of what it said on standard error, on one line. */
    String told(int most) {
        String text = new String(errors.bytes(), StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
        return text.length() > most ? text.substring(0, most) + " …" : text;
    }

    @Override
    public void close() {
        watchdog.interrupt();
        if (process.isAlive()) {
            end("nobody wants to know any more");
        }
    }
}
