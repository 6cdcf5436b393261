package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A store in a repository whose user git knows, and what tests of commits ask of both. */
record Committing(GitClone git, Path root) {

    /** A new repository with an empty store, committed by git. */
    static Committing in(Path directory, String store) {
        GitClone git = GitClone.withStore(directory, store);
        configure(git);
        return new Committing(git, directory.resolve(store));
    }

    static void configure(GitClone git) {
        git.git("config", "user.name", "Anna");
        git.git("config", "user.email", "anna@example.org");
        git.git("config", "gc.auto", "0");
    }

    Committing cloneTo(Path elsewhere) {
        git.git("clone", "-q", ".", elsewhere.toString());
        GitClone other = new GitClone(elsewhere);
        configure(other);
        return new Committing(
                other, elsewhere.resolve(git.root().relativize(root).toString()));
    }

    List<TransactionId> append(String stream, int count) {
        try (FileEventStore store = FileEventStore.open(root)) {
            return append(store, stream, count);
        }
    }

    static List<TransactionId> append(FileEventStore store, String stream, int count) {
        List<TransactionId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(store.append(StreamId.of(stream), ExpectedVersion.current(), NewEvent.of("T", "{\"i\":" + i + "}"))
                    .transaction());
        }
        return ids;
    }

    CommitResult commit() {
        try (FileEventStore store = FileEventStore.open(root)) {
            return GitWorkTree.of(store).commit(null);
        }
    }

    /** The visible transactions, in canonical order. */
    List<TransactionId> visible() {
        try (FileEventStore store = FileEventStore.open(root)) {
            List<TransactionId> ids = new ArrayList<>();
            store.readLog(null).forEach(header -> ids.add(0, header.id()));
            assertEquals(List.of(), store.verify((done, all) -> {}));
            assertEquals(List.of(), store.status().findings());
            ReferenceReader.check(root, store);
            return ids;
        }
    }

    /** How many transactions are visible, whatever there is to find besides. */
    int countVisible() {
        try (FileEventStore store = FileEventStore.open(root)) {
            return (int) store.status().transactions();
        }
    }

    /** The event files below {@code events/}, ascending. */
    List<String> files() {
        Path events = root.resolve("events");
        try (Stream<Path> all = Files.walk(events)) {
            return all.filter(file -> file.toString().endsWith(".jsonl"))
                    .map(file -> events.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The second copies that are kept, ascending. */
    List<String> copies() {
        Path local = root.resolve(".evstore");
        try (Stream<Path> all = Files.walk(local)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> local.relativize(file).toString())
                    .filter(file -> file.contains("uncommitted/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What git has to say of the working tree, without what it says of event files. */
    List<String> statusOfOthers() {
        return git.git("status", "--porcelain", "-z", "-uall")
                .replace('\0', '\n')
                .lines()
                .filter(line -> !line.contains("events/"))
                .toList();
    }

    /** What git has to say of event files. */
    List<String> statusOfEvents() {
        return git.git("status", "--porcelain", "-uall")
                .lines()
                .filter(line -> line.contains("events/"))
                .toList();
    }

    /** No commit of any branch deletes or changes an event file. */
    void nothingWasTakenAway() {
        assertEquals(
                "",
                git.git(
                                "log",
                                "--all",
                                "-m",
                                "--no-renames",
                                "--diff-filter=DM",
                                "--name-only",
                                "--format=",
                                "--",
                                "*.jsonl")
                        .strip());
    }

    void write(String path, String content) {
        try {
            Path file = git.root().resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void isClean() {
        assertEquals(List.of(), statusOfEvents());
        assertEquals(List.of(), copies());
        try (FileEventStore store = FileEventStore.open(root)) {
            assertTrue(store.status().isClean(), () -> store.status().toString());
            assertEquals(0, store.status().uncommitted());
        }
    }
}
