package dev.evstore.fs.worktree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A working tree of git's, and where git keeps what belongs to it. Immutable.
 *
 * @param workTree the working tree's root
 * @param path {@code .git} itself, or where the file of that name points to in a linked working tree or submodule
 */
public record GitDirectory(Path workTree, Path path) {

    /** The working tree that {@code directory} is in, or null outside git. */
    public static @Nullable GitDirectory of(Path directory) {
        for (Path at = real(directory); at != null; at = at.getParent()) {
            Path git = at.resolve(".git");
            if (Files.isDirectory(git)) {
                return new GitDirectory(at, git);
            }
            if (Files.isRegularFile(git)) {
                Path linked = linked(at, git);
                return linked == null ? null : new GitDirectory(at, linked);
            }
        }
        return null;
    }

    /** Git finds itself from where a directory really is, not from the link that leads there. */
    private static Path real(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            return directory.toAbsolutePath(); // not there yet
        }
    }

    private static @Nullable Path linked(Path directory, Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8).strip();
            return text.startsWith("gitdir: ") ? directory.resolve(text.substring(8)) : null;
        } catch (IOException | RuntimeException e) {
            return null; // not git's file after all, so nothing of git's is here
        }
    }

    /** What git calls a path: from the working tree's root, with {@code /}; the root itself is empty. */
    public String name(Path inside) {
        String name = workTree.relativize(real(inside)).toString();
        return name.replace(inside.getFileSystem().getSeparator(), "/");
    }

    /** What all working trees of a repository share: objects, branches, configuration. */
    public Path common() {
        try {
            return path.resolve(Files.readString(path.resolve("commondir"), StandardCharsets.UTF_8)
                            .strip())
                    .normalize();
        } catch (IOException | RuntimeException e) {
            return path; // no such file: nothing is shared with another
        }
    }

    /** What git has staged. */
    public Path index() {
        return path.resolve("index");
    }

    /** There while a git program changes the index. */
    public Path indexLock() {
        return path.resolve("index.lock");
    }

    /** Names the branch, or the commit where it is detached. */
    public Path head() {
        return path.resolve("HEAD");
    }

    /** Grows with every move of HEAD and of the branch it names, unless the user has switched that off. */
    public Path headLog() {
        return path.resolve("logs/HEAD");
    }
}
