package dev.evstore.fs.git;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The git program. Started with an argument vector, never through a shell; looked up in the absolute directories of
 * {@code PATH} alone, so that nothing in a working directory is ever started; ended when its time is up. Immutable.
 */
public final class GitProgram {

    /** Of each of its outputs this many bytes are kept; the rest is read and thrown away. */
    private static final int MOST_KEPT = 4 << 20;

    /** What git is told of the repository it is to work on, by whoever started this process: it would work on another. */
    private static final List<String> ELSEWHERE = List.of(
            "GIT_DIR",
            "GIT_WORK_TREE",
            "GIT_INDEX_FILE",
            "GIT_OBJECT_DIRECTORY",
            "GIT_ALTERNATE_OBJECT_DIRECTORIES",
            "GIT_COMMON_DIR",
            "GIT_NAMESPACE",
            "GIT_PREFIX",
            "GIT_SHALLOW_FILE",
            "GIT_GRAFT_FILE",
            "GIT_REPLACE_REF_BASE",
            "GIT_NO_REPLACE_OBJECTS",
            "GIT_IMPLICIT_WORK_TREE",
            "GIT_INTERNAL_SUPER_PREFIX",
            "GIT_QUARANTINE_PATH");

    private final Path program;

    private GitProgram(Path program) {
        this.program = program;
    }

    /** The program, if it is installed. */
    public static Optional<GitProgram> find() {
        return find(System.getenv("PATH"));
    }

    static Optional<GitProgram> find(@Nullable String path) {
        for (String directory : (path == null ? "" : path).split(File.pathSeparator, -1)) {
            for (String name : List.of("git", "git.exe")) {
                Path program = program(directory, name);
                if (program != null) {
                    return Optional.of(new GitProgram(program));
                }
            }
        }
        return Optional.empty();
    }

    private static @Nullable Path program(String directory, String name) {
        try {
            Path program = Path.of(directory, name);
            return program.isAbsolute() && Files.isRegularFile(program) && Files.isExecutable(program) ? program : null;
        } catch (InvalidPathException e) {
            return null; // whatever that is, git isn't in it
        }
    }

    /**
     * How it ended.
     *
     * @param exit its exit code
     * @param output what it wrote to standard output, at most 4 MiB of it
     * @param errors what it wrote to standard error, without blanks at the ends, at most 4 MiB of it
     */
    public record Ended(int exit, byte[] output, String errors) {

        /** Standard output as text, without blanks at the ends. */
        public String text() {
            return new String(output, StandardCharsets.UTF_8).strip();
        }
    }

    /** A run that is being prepared. Not thread-safe. */
    public final class Run {
        private final ProcessBuilder builder;
        private final Duration limit;
        private byte[] input = {};

        private Run(Path directory, Duration limit, List<String> arguments) {
            List<String> command = new ArrayList<>(List.of(program.toString()));
            command.addAll(arguments);
            this.builder = new ProcessBuilder(command).directory(directory.toFile());
            this.limit = limit;
            ELSEWHERE.forEach(builder.environment()::remove);
        }

        /** Gives it something on standard input, which is empty otherwise. */
        public Run input(byte[] bytes) {
            input = bytes.clone();
            return this;
        }

        /** Sets environment variables, beside those of this process. */
        public Run environment(Map<String, String> variables) {
            builder.environment().putAll(variables);
            return this;
        }

        /**
         * Starts it and waits for its end.
         *
         * @throws IOException it can't be started, or its time is up: then it was ended
         */
        public Ended end() throws IOException {
            try (Running running = start()) {
                return running.end();
            }
        }

        /**
         * Starts it, for who has something else to do until it ends.
         *
         * @throws IOException it can't be started
         */
        Running start() throws IOException {
            return new Running(this, builder.start());
        }

        @Override
        public String toString() {
            return "git "
                    + String.join(
                            " ", builder.command().subList(1, builder.command().size()));
        }
    }

    /** A run that has begun; ended with {@link #close} if it still goes on. Not thread-safe. */
    static final class Running implements AutoCloseable {
        private final Run run;
        private final Process process;
        private final CompletableFuture<byte[]> output;
        private final CompletableFuture<byte[]> errors;
        private final long end;

        private Running(Run run, Process process) {
            this.run = run;
            this.process = process;
            this.output = keeping(process.getInputStream());
            this.errors = keeping(process.getErrorStream());
            this.end = System.nanoTime() + run.limit.toNanos();
        }

        /**
         * Waits for its end.
         *
         * @throws IOException its time is up
         */
        Ended end() throws IOException {
            try {
                give();
                if (!process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    throw new IOException(run + " did not end within " + run.limit.toSeconds() + " s");
                }
                // What it started may still hold the other ends, so this is bounded, too.
                return new Ended(process.exitValue(), rest(output), text(rest(errors)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException(run + " was interrupted");
            }
        }

        @Override
        public void close() {
            if (process.isAlive()) { // else what it has left is nobody's descendant, and looking for it not cheap
                process.descendants().forEach(ProcessHandle::destroy);
                process.destroyForcibly();
            }
        }

        private void give() throws IOException {
            try (OutputStream to = process.getOutputStream()) {
                to.write(run.input);
            } catch (IOException e) {
                if (process.isAlive()) {
                    throw e;
                }
                // It ended without wanting all of it; its exit code tells.
            }
        }

        private byte[] rest(CompletableFuture<byte[]> output) throws IOException, InterruptedException {
            try {
                return output.get(1, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new IOException("what " + run + " says can't be read", e);
            }
        }
    }

    /**
     * Prepares a run. Whether git may ask somebody at the terminal ({@code GIT_TERMINAL_PROMPT}) is the caller's affair.
     *
     * @param directory where it works
     * @param limit after this long it is ended
     */
    public Run run(Path directory, Duration limit, String... arguments) {
        return new Run(directory, limit, Arrays.asList(arguments));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).strip();
    }

    private static CompletableFuture<byte[]> keeping(InputStream from) {
        CompletableFuture<byte[]> kept = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try (from) {
                        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                        byte[] buffer = new byte[8192];
                        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                            bytes.write(buffer, 0, Math.min(n, MOST_KEPT - bytes.size()));
                        }
                        kept.complete(bytes.toByteArray());
                    } catch (IOException e) {
                        kept.completeExceptionally(e);
                    }
                },
                "evstore, reading from git");
        reader.setDaemon(true);
        reader.start();
        return kept;
    }
}
