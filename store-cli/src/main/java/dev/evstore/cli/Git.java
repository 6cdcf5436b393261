package dev.evstore.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The git program. Started with argument vectors, never through a shell. Immutable. */
public final class Git {

    private static final int MOST_TOLD = 2_000;

    private final Path program;
    private final boolean neutral;

    private Git(Path program, boolean neutral) {
        this.program = program;
        this.neutral = neutral;
    }

    /**
     * Looks in the directories of {@code PATH}; in absolute ones only, so that nothing in the working directory is ever
     * started.
     *
     * @throws Trouble if it is not there
     */
    public static Git find(Map<String, String> variables) {
        for (String directory : variables.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            for (String name : List.of("git", "git.exe")) {
                Path program = Path.of(directory, name);
                if (program.isAbsolute() && Files.isRegularFile(program) && Files.isExecutable(program)) {
                    return new Git(program, false);
                }
            }
        }
        throw new Trouble(new Problem(
                ExitCode.GIT, "git-missing", "The git program is not there.", "PATH", "install git, or mend PATH"));
    }

    /** The same program, reading no configuration of the user or the machine, and with a name of its own. */
    public Git neutral() {
        return new Git(program, true);
    }

    /** Makes a repository at {@code directory} unless it is in one. */
    public void initUnlessInside(Path directory) {
        if (start(directory, List.of("rev-parse", "--is-inside-work-tree")).exit() != 0) {
            run(directory, "init", "-q");
        }
    }

    /**
     * Runs a git command and waits for its end.
     *
     * @return what it printed, without blanks at the ends
     * @throws Trouble if it fails
     */
    public String run(Path directory, String... arguments) {
        Ended ended = start(directory, List.of(arguments));
        if (ended.exit() != 0) {
            String told = ended.printed().length() > MOST_TOLD
                    ? ended.printed().substring(0, MOST_TOLD) + " …"
                    : ended.printed();
            throw new Trouble(new Problem(
                    ExitCode.GIT,
                    "git-refused",
                    "git refused.",
                    "git -C " + directory + " " + String.join(" ", arguments) + ": " + told,
                    "run that command by hand and do what git says"));
        }
        return ended.printed();
    }

    private record Ended(int exit, String printed) {}

    private Ended start(Path directory, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (neutral) {
            builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
            builder.environment().put("GIT_CONFIG_GLOBAL", File.separatorChar == '/' ? "/dev/null" : "NUL");
            builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
            builder.environment().put("GIT_TERMINAL_PROMPT", "0");
            command.addAll(List.of("-c", "user.name=evstore demo", "-c", "user.email=demo@evstore.invalid"));
            command.addAll(List.of("-c", "init.defaultBranch=main"));
        }
        command.addAll(List.of("-C", directory.toString()));
        command.addAll(arguments);
        builder.command(command);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), printed.strip());
        } catch (IOException e) {
            throw new Trouble(
                    new Problem(
                            ExitCode.GIT,
                            "git-missing",
                            "git can't be started.",
                            program + ": " + e.getMessage(),
                            "check the installation of git"),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Trouble(
                    new Problem(
                            ExitCode.INTERRUPTED,
                            "interrupted",
                            "git was interrupted.",
                            directory.toString(),
                            "repeat"),
                    e);
        }
    }
}
