package dev.evstore.fs;

import dev.evstore.fs.git.CommitFiles;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.worktree.GitDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Opens a store as a commit has it, from a temporary directory that goes when the store is closed. */
final class StoreAt {

    private StoreAt() {}

    static FileEventStore open(GitDirectory git, StoreLayout layout, String commit) {
        Path directory;
        try {
            directory = Files.createTempDirectory("evstore-at");
        } catch (IOException e) {
            throw FileEventStore.unusable(layout, e);
        }
        try {
            StoreLayout there = new StoreLayout(directory.resolve("store"), directory);
            Files.createDirectories(there.events());
            CommitFiles.write(git, layout, commit, there.events());
            return FileEventStore.openOnce(there, StoreOptions.defaults());
        } catch (IOException | RuntimeException e) {
            delete(directory, e);
            throw e instanceof RuntimeException unchecked
                    ? unchecked
                    : FileEventStore.unusable(layout, (IOException) e);
        }
    }

    private static void delete(Path directory, Exception because) {
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }
}
