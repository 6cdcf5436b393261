package dev.evstore.fs;

import java.util.List;

/**
 * What {@link GitWorkTree#resolve()} ended. Immutable.
 *
 * @param files the files that are staged now, as paths from the working tree's root with {@code /}, ascending
 * @param transactions how many transactions they hold
 * @param remaining what git still stops on, as such paths: the user's own files, and what only a person can tell apart
 * @param next the command that goes on where git stopped, once nothing remains
 */
public record ResolveReport(List<String> files, long transactions, List<String> remaining, String next) {

    public ResolveReport {
        files = List.copyOf(files);
        remaining = List.copyOf(remaining);
    }
}
