package dev.evstore.cli.resolver;

import dev.evstore.cli.Problem;
import dev.evstore.cli.Trouble;
import dev.evstore.cli.input.ResolutionParser;
import dev.evstore.cli.render.ForkJson;
import dev.evstore.core.reconcile.ForkContext;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolver;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks a program: once for each unit, the fork as JSON on its standard input, the answer as JSON on its standard output.
 * The program is started with an argument vector, never through a shell, in the directory and with the environment
 * variables that evstore was started with. It need not read all of its input.
 *
 * <p>A program that can't be started, ends with another exit code than 0, takes too long, prints too much, or prints
 * something else than an answer, gives none: the unit stays as it is.
 */
public final class ProgramResolver implements Resolver {

    /** How long a program may take for one unit. */
    public static final Duration MOST_TIME = Duration.ofMinutes(1);

    /** How much it may print; more than any merge transaction holds. */
    public static final int MOST_OUTPUT = 32 << 20;

    /** How much of its standard error is told. */
    private static final int MOST_TOLD = 500;

    private final String name;
    private final List<String> command;
    private final Map<String, String> variables;
    private final Duration mostTime;

    /**
     * @param name what the program is called when something is told of it
     */
    ProgramResolver(String name, List<String> command, Map<String, String> variables, Duration mostTime) {
        this.name = name;
        this.command = List.copyOf(command);
        this.variables = Map.copyOf(variables);
        this.mostTime = mostTime;
    }

    /**
     * A program as the user gave it: with a slash it is a path; without, it is looked for in the absolute directories of
     * {@code PATH}, so that nothing in the working directory is started by chance.
     *
     * @param command the program and its arguments
     * @throws Trouble if the program is not there
     */
    public static ProgramResolver of(List<String> command, Map<String, String> variables) {
        List<String> found = new ArrayList<>(command);
        found.set(0, find(command.get(0), variables).toString());
        return new ProgramResolver(command.get(0), found, variables, MOST_TIME);
    }

    private static Path find(String name, Map<String, String> variables) {
        if (name.contains("/") || name.contains(File.separator)) {
            Path given = Path.of(name).toAbsolutePath();
            if (Files.isRegularFile(given) && Files.isExecutable(given)) {
                return given;
            }
        } else if (!name.isEmpty()) {
            for (String directory : variables.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
                Path program = Path.of(directory, name);
                if (program.isAbsolute() && Files.isRegularFile(program) && Files.isExecutable(program)) {
                    return program;
                }
            }
        }
        throw new Trouble(Problem.usage(
                "The program that is to resolve forks is not there, or can't be run.",
                "--exec " + name,
                "give its path, and each of its arguments by another --exec"));
    }

    @Override
    public Resolution resolve(ForkContext fork) {
        Process process = start();
        try (Conversation conversation = new Conversation(process, mostTime)) {
            feed(process, fork);
            conversation.awaitEnd();
            String trouble = conversation.trouble();
            if (trouble != null) {
                throw failed(trouble, conversation.told(MOST_TOLD), null);
            }
            return parse(conversation.output());
        }
    }

    private Process start() {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(variables);
        try {
            return builder.start();
        } catch (IOException e) {
            throw failed("it can't be started: " + e.getMessage(), "", e);
        }
    }

    private static void feed(Process process, ForkContext fork) {
        try (OutputStream in = new BufferedOutputStream(process.getOutputStream())) {
            ForkJson.write(fork, in);
        } catch (IOException e) {
            // It has closed its input, having made up its mind before it read everything, or it is gone. Which of the
            // two
            // its exit code says, and what it printed.
            return;
        }
    }

    private Resolution parse(byte[] output) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(output))
                    .toString();
            return ResolutionParser.parse(text);
        } catch (CharacterCodingException e) {
            throw failed("what it printed is not UTF-8", "", e);
        } catch (IllegalArgumentException e) {
            throw failed("what it printed is no answer: " + e.getMessage(), "", e);
        }
    }

    private ProgramFailed failed(String why, String told, @Nullable Throwable cause) {
        return new ProgramFailed(name + ": " + why + (told.isEmpty() ? "" : ": " + told), cause);
    }
}
