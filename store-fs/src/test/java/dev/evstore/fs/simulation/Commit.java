package dev.evstore.fs.simulation;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A commit of the simulated git, as far as event files go. Immutable.
 *
 * @param number of all commits of the walk, from 0
 * @param files by path
 */
record Commit(int number, SortedMap<String, byte[]> files) {

    Commit {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    @Override
    public String toString() {
        return "commit " + number + " (" + files.size() + " files)";
    }
}
