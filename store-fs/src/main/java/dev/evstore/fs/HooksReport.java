package dev.evstore.fs;

import java.util.List;

/**
 * What became of git's hooks. Immutable.
 *
 * @param directory where git looks for hooks
 * @param installed those that look at the store now
 * @param left those that are the user's own, or stand where evstore writes nothing; they were not touched
 * @param line what a hook of the user's can run for the same
 */
public record HooksReport(String directory, List<String> installed, List<String> left, String line) {

    public HooksReport {
        installed = List.copyOf(installed);
        left = List.copyOf(left);
    }
}
