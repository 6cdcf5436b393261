package dev.evstore.fs.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The event files below a store, as git sees them: paths relative to {@code events/}, and bytes. */
final class WorkingTree {

    private final Path events;

    WorkingTree(Path root) {
        this.events = root.resolve("events");
    }

    /** What happens between two files that git writes or deletes. */
    interface Between {
        void look() throws IOException;
    }

    SortedMap<String, byte[]> files() throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(events)) {
            for (Path file : all.toList()) {
                if (file.toString().endsWith(".jsonl") && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    files.put(events.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
                }
            }
        }
        return files;
    }

    /** Writes these files where they are not there, or have other bytes. */
    void bring(Map<String, byte[]> wanted, Random random, Between between) throws IOException {
        change(List.of(), wanted, random, between);
    }

    /**
     * Deletes and writes files one by one, deletions first, as a checkout does.
     *
     * @param wanted those that are there already are left as they are
     * @param between is called after one of them, drawn at random
     */
    void change(List<String> gone, Map<String, byte[]> wanted, Random random, Between between) throws IOException {
        List<String> deleted = new ArrayList<>(gone);
        SortedMap<String, byte[]> come = new TreeMap<>(wanted);
        files().forEach((path, bytes) ->
                come.computeIfPresent(path, (same, other) -> Arrays.equals(bytes, other) ? null : other));
        List<String> written = new ArrayList<>(come.keySet());
        Collections.shuffle(deleted, random);
        Collections.shuffle(written, random);
        int moment = random.nextInt(deleted.size() + written.size() + 1);
        for (String path : deleted) {
            delete(path);
            if (moment-- == 0) {
                between.look();
            }
        }
        for (String path : written) {
            byte[] bytes = come.get(path);
            if (bytes != null) {
                write(path, bytes);
            }
            if (moment-- == 0) {
                between.look();
            }
        }
    }

    void write(String path, byte[] bytes) throws IOException {
        Path file = events.resolve(path);
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file); // git makes a new file, never writes into one
        Files.write(file, bytes);
    }

    /** With its directory, if that is empty then. */
    void delete(String path) throws IOException {
        Path file = events.resolve(path);
        Files.deleteIfExists(file);
        Path directory = file.getParent();
        if (directory != null && !directory.equals(events) && Files.isDirectory(directory)) {
            try (Stream<Path> left = Files.list(directory)) {
                if (left.findAny().isPresent()) {
                    return;
                }
            }
            Files.delete(directory);
        }
    }
}
