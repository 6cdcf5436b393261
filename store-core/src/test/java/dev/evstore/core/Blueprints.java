package dev.evstore.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** What is written about the store, and the tests that hold it. */
final class Blueprints {

    private Blueprints() {}

    /** The words of a heading or sentence in camel case. */
    static String methodName(String heading) {
        StringBuilder name = new StringBuilder();
        for (String word : heading.split("[^A-Za-z0-9]+", -1)) {
            if (!word.isEmpty()) {
                String first = word.substring(0, 1);
                name.append(name.isEmpty() ? first.toLowerCase(Locale.ROOT) : first.toUpperCase(Locale.ROOT))
                        .append(word.substring(1));
            }
        }
        return name.toString();
    }

    /** The text of all test sources of all modules whose file names match. */
    static String sources(String fileName) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> modules = Files.list(root())) {
            for (Path sources : modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(sources)) {
                    for (Path file : files.filter(
                                    f -> String.valueOf(f.getFileName()).matches(fileName))
                            .toList()) {
                        all.append(Files.readString(file));
                    }
                }
            }
        }
        return all.toString();
    }

    /** The directory of the whole project. */
    static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(at.resolve("blueprints"))) {
            Path up = at.getParent();
            if (up == null) {
                throw new AssertionError("no directory above the working directory holds blueprints");
            }
            at = up;
        }
        return at;
    }
}
