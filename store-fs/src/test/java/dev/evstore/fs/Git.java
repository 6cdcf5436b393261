package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real git program in a working tree. */
record Git(Path directory) {

    static Git init(Path directory) {
        Git git = new Git(directory);
        git.run("init", "-q", "-b", "main");
        return git;
    }

    Git cloneTo(Path elsewhere) {
        run("clone", "-q", ".", elsewhere.toString());
        return new Git(elsewhere);
    }

    /** Runs it, gives what it printed, and fails if it does. */
    String run(String... arguments) {
        StringBuilder out = new StringBuilder();
        assertEquals(0, run(out, arguments), () -> "git " + String.join(" ", arguments) + ": " + out);
        return out.toString().strip();
    }

    /** Runs it where it has to stop, as on a conflict. */
    void runAndStop(String... arguments) {
        StringBuilder out = new StringBuilder();
        assertEquals(1, run(out, arguments), () -> "git " + String.join(" ", arguments) + ": " + out);
    }

    void commitAll(String message) {
        run("add", "-A");
        run("commit", "-q", "--allow-empty", "-m", message);
    }

    private int run(StringBuilder out, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=A", "-c", "user.email=a@example.org"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("GIT_EDITOR", "true");
        try {
            Process process = builder.start();
            out.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            return process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("the git program is needed", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
