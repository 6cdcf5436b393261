package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.id.StreamId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** A repository with a store in it, and a clone that fetches from it. */
record TwoClones(GitClone theirs, GitClone ours, String place) {

    static TwoClones in(Path directory, String place) {
        GitClone theirs = GitClone.withStore(directory.resolve("theirs"), place);
        name(theirs);
        theirs.git(
                "clone",
                "-q",
                theirs.root().toString(),
                directory.resolve("ours").toString());
        GitClone ours = new GitClone(directory.resolve("ours"));
        name(ours);
        return new TwoClones(theirs, ours, place);
    }

    /** Commits of ours have to be by somebody. */
    static GitClone name(GitClone clone) {
        clone.git("config", "user.name", "Anna");
        clone.git("config", "user.email", "anna@example.org");
        return clone;
    }

    FileEventStore open(GitClone clone) {
        return FileEventStore.open(clone.root().resolve(place));
    }

    /** Appends an event and commits it with git. */
    void commit(GitClone clone, String stream, String data) {
        append(clone, stream, data);
        clone.commit(stream + " " + data);
    }

    void append(GitClone clone, String stream, String data) {
        try (FileEventStore store = open(clone)) {
            store.append(StreamId.of(stream), ExpectedVersion.current(), NewEvent.of("T", "\"" + data + "\""));
        }
    }

    static void write(GitClone clone, String path, String text) {
        try {
            Path file = clone.root().resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(GitClone clone, String path) {
        try {
            return Files.readString(clone.root().resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Our side fetches and merges what theirs has. */
    MergeReport merge() {
        return merge("origin/main");
    }

    MergeReport merge(String ref) {
        ours.git("fetch", "-q", "origin");
        try (FileEventStore store = open(ours)) {
            return GitWorkTree.of(store).merge(ref);
        }
    }

    /** What is told by an event of a stream, in canonical order. */
    List<String> events(GitClone clone, String stream) {
        try (FileEventStore store = open(clone)) {
            return store.read(StreamId.of(stream)).events().stream()
                    .map(event -> ((RecordedEvent) event).data().replace("\"", ""))
                    .toList();
        }
    }

    /** Each event's stream and what it tells, in canonical order. */
    List<String> events(GitClone clone) {
        try (FileEventStore store = open(clone)) {
            List<String> found = new ArrayList<>();
            store.readAll(ReadAllOptions.forwards())
                    .forEach(event -> found.add(event.stream() + " "
                            + ((RecordedEvent) event).data().replace("\"", "")));
            return found;
        }
    }

    /** Git sees nothing but this: the short status, sorted. */
    static void assertStatus(GitClone clone, String... lines) {
        assertEquals(
                new TreeSet<>(List.of(lines)),
                new TreeSet<>(clone.git("-c", "core.quotePath=false", "status", "--porcelain")
                        .lines()
                        .toList()));
    }

    static void assertHolds(GitClone clone, String commit, String path) {
        assertTrue(clone.git("ls-tree", "-r", "--name-only", "-z", commit).contains(path));
    }
}
