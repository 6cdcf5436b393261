package dev.evstore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A working tree and the git program, started with argument vectors. */
public record InGit(Path root) {

    /** Runs git, which has to succeed; gives what it said. */
    public String git(String... arguments) {
        return ending(0, arguments);
    }

    /** Runs git, which has to end with this code; gives what it said. */
    public String ending(int exit, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("git", "-c", "user.name=Anna", "-c", "user.email=anna@example.org"));
        command.addAll(List.of(arguments));
        try {
            Process git = new ProcessBuilder(command)
                    .directory(root.toFile())
                    .redirectErrorStream(true)
                    .start();
            git.getOutputStream().close();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(exit, git.waitFor(), () -> command + ": " + said);
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Commits everything that is there. */
    public void commit(String message) {
        git("add", "-A");
        git("commit", "-q", "-m", message);
    }
}
