package dev.evstore.cli.input;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.id.Names;

/** The words for what a writer expects of a stream. */
public final class Expectations {

    private Expectations() {}

    /**
     * @param word {@code current}, {@code any}, {@code no-stream}, {@code exists}, or a version: 0, 1, 2 …
     * @throws IllegalArgumentException if it is anything else
     */
    public static ExpectedVersion of(String word) {
        return switch (word) {
            case "current" -> ExpectedVersion.current();
            case "any" -> ExpectedVersion.any();
            case "no-stream" -> ExpectedVersion.noStream();
            case "exists" -> ExpectedVersion.exists();
            default -> version(word);
        };
    }

    private static ExpectedVersion version(String word) {
        if (!word.matches("0|[1-9][0-9]{0,17}")) {
            throw new IllegalArgumentException(
                    "an expectation is current, any, no-stream, exists or a version, not " + Names.quoted(word));
        }
        return ExpectedVersion.exactly(Long.parseLong(word));
    }
}
