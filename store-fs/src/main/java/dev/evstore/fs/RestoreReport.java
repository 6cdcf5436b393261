package dev.evstore.fs;

import java.util.List;

/**
 * What came back. Immutable.
 *
 * @param files the event files that were put back, as paths from the store's directory with {@code /}, ascending
 * @param transactions how many transactions became visible again with them
 */
public record RestoreReport(List<String> files, long transactions) {

    public RestoreReport {
        files = List.copyOf(files);
    }
}
