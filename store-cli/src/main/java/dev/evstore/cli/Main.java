package dev.evstore.cli;

import dev.evstore.cli.command.Evstore;
import dev.evstore.cli.render.Escapes;
import dev.evstore.cli.render.JsonRenderer;
import dev.evstore.cli.render.TextRenderer;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The program {@code evstore}. */
public final class Main {

    /** How long a follower waits before it looks again. */
    private static final long POLL_MILLIS = 200;

    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        if (System.getProperty("java.util.logging.config.file") == null) {
            System.setProperty("java.util.logging.config.class", NoLogging.class.getName());
        }
        System.exit(run(system(), args));
    }

    /** Runs a command in the world given; throws nothing. */
    public static int run(Environment environment, String... args) {
        Output output = new Output(environment.out());
        GlobalOptions options = new GlobalOptions();
        try {
            int exit = commandLine(environment, options, output).execute(args);
            output.flush();
            return exit;
        } catch (Throwable thrown) { // an Error too ends with the exit code of a bug
            return tell(environment, thrown, args, options.debug());
        }
    }

    private static CommandLine commandLine(Environment environment, GlobalOptions options, Output output) {
        CommandLine commandLine = new CommandLine(
                        new Evstore(options, given -> new Session(environment, given, output)))
                .setColorScheme(CommandLine.Help.defaultColorScheme(environment.colours() ? Ansi.ON : Ansi.OFF))
                .setExpandAtFiles(false) // a leading @ is ours
                .setOut(writer(environment.out()))
                .setErr(writer(environment.err()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((wrong, args) ->
                        tell(environment, new Trouble(UsageProblem.of(wrong), wrong), args, options.debug()))
                .setExecutionExceptionHandler((thrown, command, parsed) -> {
                    if (!(thrown instanceof Output.ReaderGone)) {
                        flushed(output, thrown);
                    }
                    return tell(environment, thrown, parsed.originalArgs().toArray(String[]::new), options.debug());
                });
        commandLine.setUsageHelpWidth(100);
        return commandLine;
    }

    /** What was printed before the trouble stays printed. */
    private static void flushed(Output output, Throwable trouble) {
        try {
            output.flush();
        } catch (RuntimeException second) {
            trouble.addSuppressed(second);
        }
    }

    private static int tell(Environment environment, Throwable thrown, String[] args, boolean debug) {
        if (thrown instanceof Output.ReaderGone) {
            return ExitCode.DONE;
        }
        if (thrown instanceof InterruptedException) {
            return ExitCode.INTERRUPTED;
        }
        Problem problem = Problem.of(thrown);
        // The command line may not have been understood to its end, so its text is asked.
        boolean json = Arrays.asList(args).contains("--json");
        String told = json ? new JsonRenderer().problem(problem) : new TextRenderer(false, 0).problem(problem);
        Session.writeError(environment.err(), told + "\n" + (debug ? trace(thrown) : ""));
        return problem.exit();
    }

    /** Its messages may hold what anybody wrote. */
    private static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return trace.toString()
                .lines()
                .map(line -> (line.startsWith("\t") ? "\t" : "") + Escapes.escape(line.strip()) + "\n")
                .collect(Collectors.joining());
    }

    private static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    private static Environment system() {
        return new Environment(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                Boolean.getBoolean("evstore.terminal.out"),
                Boolean.getBoolean("evstore.terminal.err"),
                System.getenv(),
                new FileStores(),
                Main::pause);
    }

    private static void pause() throws InterruptedException {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
