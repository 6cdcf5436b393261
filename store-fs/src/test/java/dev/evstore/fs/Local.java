package dev.evstore.fs;

import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where a working copy keeps its own: the one directory in {@code .evstore} with a random name. */
final class Local {

    private Local() {}

    static StoreLayout layout(Path store) {
        return new StoreLayout(StoreLayout.of(store).root(), of(store));
    }

    static Path of(Path store) {
        try (Stream<Path> all = Files.list(store.resolve(".evstore"))) {
            return all.filter(path -> path.getFileName().toString().matches("[0-9a-f]{32}"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
