package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.evstore.core.Append;
import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.Finding;
import dev.evstore.core.GitRefusedException;
import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Limits;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.StreamId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store as a commit has it. Needs git. */
class StoreAtIT {

    private static final StreamId A = StreamId.of("a");

    @TempDir
    Path directory;

    private GitClone git;

    @BeforeEach
    void aStoreBelowTheRoot() {
        git = GitClone.withStore(directory.resolve("a repository"), "data/\u00e9v\u00e9nements");
    }

    private Path place() {
        return git.root().resolve("data/\u00e9v\u00e9nements");
    }

    private static Append one(String data) {
        return Append.to(A, ExpectedVersion.current(), NewEvent.of("T", data));
    }

    @Test
    void everyCommitIsReadAsItWas() throws IOException { // G6, P5
        List<Digest> digests = new ArrayList<>();
        List<String> commits = new ArrayList<>();
        List<Path> temporary = new ArrayList<>();
        try (FileEventStore store = FileEventStore.open(place())) {
            for (int k = 0; k < 3; k++) {
                store.append(one("1"));
                store.appendAll(List.of(one("2"), one("3")));
                git.commit("events");
                digests.add(store.digest());
                commits.add(git.git("rev-parse", "HEAD").strip());
            }
            store.append(one("4"));
            for (int k = 0; k < 3; k++) {
                try (EventStore then = GitWorkTree.of(store).storeAt(commits.get(k))) {
                    temporary.add(((FileEventStore) then).opened().layout().local());
                    assertEquals(digests.get(k), then.digest());
                    assertEquals(3L * (k + 1), then.read(A).state().version().value());
                    List<String> data = new ArrayList<>();
                    then.readAll(ReadAllOptions.forwards())
                            .forEach(event -> data.add(event.type().value()));
                    assertEquals(3 * (k + 1), data.size());
                    assertEquals(List.of(), then.status().findings());
                    assertThrows(StoreUnusableException.class, () -> then.append(one("no")));
                }
            }
            assertEquals(10, store.read(A).state().version().value());
            try (EventStore then = GitWorkTree.of(store).storeAt("HEAD~3")) {
                assertEquals(0, then.status().transactions());
            }
        }
        temporary.forEach(place -> assertFalse(Files.exists(place), place::toString));
    }

    @Test
    void whatIsOddInACommitIsAFinding() throws IOException { // V2
        try (FileEventStore store = FileEventStore.open(place())) {
            store.append(one("1"));
            Path events = place().resolve("events");
            Files.writeString(events.resolve("2026 \u00fc.jsonl"), "torn");
            Files.writeString(events.resolve(".hidden.jsonl"), "torn");
            Files.createSymbolicLink(events.resolve("link.jsonl"), Path.of("nowhere"));
            try (RandomAccessFile large =
                    new RandomAccessFile(events.resolve("large.jsonl").toFile(), "rw")) {
                large.setLength(Limits.FILE + 1L);
            }
            git.commit("odd");
            try (EventStore then = GitWorkTree.of(store).storeAt("main")) {
                assertEquals(1, then.status().transactions());
                assertEquals(
                        List.of(Finding.Code.INVALID, Finding.Code.UNREADABLE),
                        then.status().findings().stream()
                                .map(Finding::code)
                                .sorted()
                                .toList());
            }
        }
    }

    @Test
    void whereThereIsNoStoreOrNoCommitItSaysSo() {
        git.git("checkout", "-q", "--orphan", "other");
        git.git("rm", "-rqf", "--cached", ".");
        git.git("commit", "-q", "--allow-empty", "-m", "nothing");
        git.git("checkout", "-qf", "main");
        try (FileEventStore store = FileEventStore.open(place())) {
            GitWorkTree tree = GitWorkTree.of(store);
            assertEquals(
                    "That commit has no store in this place.",
                    assertThrows(GitRefusedException.class, () -> tree.storeAt("other"))
                            .what());
            assertEquals(
                    "There is no such commit.",
                    assertThrows(GitRefusedException.class, () -> tree.storeAt("--help"))
                            .what());
        }
    }
}
