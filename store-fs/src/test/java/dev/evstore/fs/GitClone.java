package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A working tree and the git program, started with argument vectors. */
public record GitClone(Path root) {

    /** A new repository with an empty store that is committed. */
    public static GitClone withStore(Path root, String store) {
        GitClone clone = new GitClone(root);
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        clone.git("init", "-q", "-b", "main");
        FileEventStore.create(root.resolve(store)).close();
        clone.commit("a store");
        return clone;
    }

    public record Ended(int exit, String said) {}

    /** Runs git, which has to succeed; gives what it said. */
    public String git(String... arguments) {
        Ended ended = tryGit(arguments);
        assertEquals(0, ended.exit(), () -> List.of(arguments) + ": " + ended.said());
        return ended.said();
    }

    public Ended tryGit(String... arguments) {
        return tryGit(Map.of(), arguments);
    }

    /** Runs git with these variables on top of ours. */
    Ended tryGit(Map<String, String> environment, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("git", "-c", "user.name=Anna", "-c", "user.email=anna@example.org"));
        command.addAll(List.of(arguments));
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process git = builder.start();
            git.getOutputStream().close();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(git.waitFor(), said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public void commit(String message) {
        git("add", "-A");
        git("commit", "-q", "-m", message);
    }
}
