package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.Finding;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.StaleCursorException;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.StreamId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What users and peers tell git to do with files, and ordinary work with branches: with the git program. */
@Tag("stores")
@Timeout(60)
class GitSettingsTraps {

    private static final StreamId A = StreamId.of("a");

    /** What {@code ident} and {@code text} would change. */
    private static final String DATA = "\"$Id$ and some text\"";

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Git here;

    @BeforeEach
    void repository() throws IOException {
        here = Git.init(Files.createDirectories(directory.resolve("here")));
    }

    private static void append(FileEventStore store, String stream, String type) {
        store.append(StreamId.of(stream), ExpectedVersion.current(), NewEvent.of(type, DATA));
    }

    /** A store with two events. */
    private static Digest fill(Path root) {
        try (FileEventStore store = FileEventStore.create(root)) {
            append(store, "a", "First");
            append(store, "a", "Second");
            return store.digest();
        }
    }

    private static Path firstFile(Git git) throws IOException {
        try (Stream<Path> all = Files.walk(git.directory().resolve("events"))) {
            return all.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void write(Git git, String path, String text) throws IOException {
        Path file = git.directory().resolve(path);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
    }

    private static void assertWhole(Git git, Digest digest) {
        try (FileEventStore store = FileEventStore.open(git.directory())) {
            assertEquals(digest, store.digest());
            store.read(A)
                    .events()
                    .forEach(event ->
                            assertEquals(DATA, ((RecordedEvent) event).data().toString()));
            assertEquals(List.of(), store.status().findings());
            assertEquals(List.of(), store.verify(ProgressListener.NONE));
            ReferenceReader.check(git.directory(), store);
        }
    }

    @Test
    void T10_twoBranchesOfOneCloneAreMergedAsOrdinaryWork() { // T10
        try (FileEventStore store = FileEventStore.create(here.directory())) {
            append(store, "a", "First");
            here.commitAll("first");
            here.run("checkout", "-q", "-b", "side");
            append(store, "a", "Side");
            append(store, "b", "Side");
            here.commitAll("side");
            here.run("checkout", "-q", "main");
            append(store, "a", "Main");
            append(store, "c", "Main");
            here.commitAll("main");
            here.run("merge", "-q", "-m", "both", "side");
            store.refresh();
            assertEquals(
                    List.of("First", "Side", "Main"),
                    store.read(A).events().stream()
                            .map(event -> event.type().value())
                            .toList());
            assertEquals(1, store.forks().size());
            assertEquals(List.of(), store.status().findings());
            assertEquals(List.of(), store.notices());
            assertEquals(5, store.status().transactions());
            append(store, "b", "After");
            assertEquals(List.of(), store.verify(ProgressListener.NONE));
        }
        try (FileEventStore store = FileEventStore.open(here.directory())) {
            assertEquals(List.of(), store.notices());
            assertEquals(6, store.status().transactions());
            ReferenceReader.check(here.directory(), store);
        }
    }

    @Test
    void T24_inACloneWithAutocrlfEveryHashIsRight() throws IOException { // T24
        Digest digest = fill(here.directory());
        write(here, "user.txt", "one\ntwo\n");
        here.commitAll("all");
        Git there = new Git(directory.resolve("there"));
        here.run(
                "-c",
                "core.autocrlf=true",
                "clone",
                "-q",
                "-c",
                "core.autocrlf=true",
                ".",
                there.directory().toString());
        assertTrue(Files.readString(there.directory().resolve("user.txt")).contains("\r\n"), "git does convert here");
        assertWhole(there, digest);
        try (FileEventStore store = FileEventStore.open(there.directory())) {
            append(store, "a", "Third");
            digest = store.digest();
        }
        there.commitAll("third");
        here.run("pull", "-q", there.directory().toString(), "main");
        assertWhole(here, digest);
    }

    @Test
    void T24_aFileMadeCrlfByOtherMeansIsOneFindingThatSaysHowToMendIt() throws IOException { // T24
        Digest digest = fill(here.directory());
        here.commitAll("all");
        Path file = firstFile(here);
        Files.writeString(file, Files.readString(file).replace("\n", "\r\n"));
        String path = here.directory().relativize(file).toString();
        try (FileEventStore store = FileEventStore.open(here.directory())) {
            List<Finding> findings = store.status().findings();
            assertEquals(1, findings.size(), findings::toString);
            assertTrue(findings.get(0).where().startsWith(path), findings::toString);
            assertTrue(findings.get(0).toString().contains("git"), findings::toString);
            assertEquals(1, store.read(A).events().size());
        }
        here.run("checkout", "--", path);
        assertWhole(here, digest);
    }

    /** Both in the repository and in the user's own settings. */
    private void hostileSettings(Git git) throws IOException {
        String attributes = "* text=auto eol=crlf\n* ident\n*.jsonl filter=mangle working-tree-encoding=UTF-16\n";
        Path users = Files.writeString(directory.resolve("users-attributes"), attributes);
        Path ignored = Files.writeString(directory.resolve("users-ignore"), "*.jsonl\nevents\n");
        write(git, ".gitattributes", attributes);
        write(git, ".gitignore", "*.jsonl\n");
        git.run("config", "core.attributesFile", users.toString());
        git.run("config", "core.excludesFile", ignored.toString().replace("users-ignore", "none"));
        git.run("config", "core.autocrlf", "true");
        git.run("config", "filter.mangle.clean", "sed s/First/Mangled/");
        git.run("config", "filter.mangle.smudge", "sed s/First/Mangled/");
        git.run("config", "filter.mangle.required", "true");
    }

    @Test
    void T31_whateverTheUserTellsGitTheBytesStand() throws IOException { // T31
        hostileSettings(here);
        Digest digest = fill(here.directory());
        here.commitAll("all");
        assertEquals("", here.run("status", "--porcelain"));
        Git there = Git.init(Files.createDirectories(directory.resolve("there")));
        hostileSettings(there);
        Files.delete(there.directory().resolve(".gitattributes"));
        Files.delete(there.directory().resolve(".gitignore"));
        there.run("pull", "-q", here.directory().toString(), "main");
        assertWhole(there, digest);
        here.run("rm", "-rq", "--cached", "events");
        here.run("reset", "-q", "--hard");
        assertWhole(here, digest);
    }

    @Test
    void T31_twoIndependentInitsMerge() throws IOException { // T31
        fill(here.directory());
        here.commitAll("here");
        Git there = Git.init(Files.createDirectories(directory.resolve("there")));
        fill(there.directory());
        there.commitAll("there");
        here.run(
                "pull",
                "-q",
                "--no-rebase",
                "--allow-unrelated-histories",
                there.directory().toString(),
                "main");
        try (FileEventStore store = FileEventStore.open(here.directory())) {
            assertEquals(4, store.read(A).events().size());
            assertEquals(List.of(), store.status().findings());
            assertEquals(1, store.forks().size());
            ReferenceReader.check(here.directory(), store);
        }
    }

    @Test
    void T32_afterCleanTheStoreOpensWithANewEpochAndSaysSo() { // T32, L1
        Digest digest = fill(here.directory());
        here.commitAll("all");
        FeedCursor cursor;
        try (FileEventStore store = FileEventStore.open(here.directory())) {
            cursor = store.feedEnd();
        }
        here.run("clean", "-xfdq");
        try (FileEventStore store = FileEventStore.open(here.directory())) {
            assertEquals(
                    List.of(Finding.Code.LOCAL_RENEWED),
                    store.status().findings().stream().map(Finding::code).toList());
            assertThrows(StaleCursorException.class, () -> store.readFeed(cursor, EventFilter.all(), 10));
        }
        assertWhole(here, digest);
    }

    /** Of the files; that there are such rules is told apart. */
    private static List<Finding> invalid(FileEventStore store) {
        List<Finding> findings = store.status().findings();
        assertTrue(
                findings.stream().anyMatch(finding -> finding.code() == Finding.Code.RULES_CHANGED),
                findings::toString);
        return findings.stream()
                .filter(finding -> finding.code() == Finding.Code.INVALID)
                .toList();
    }

    @Test
    void T64_lineEndsThatAPeerOrdersBelowEventsAreFoundAndCanBeMended() throws IOException { // T64
        Digest digest = fill(here.directory());
        write(here, "events/2026-11/.gitattributes", "*.jsonl text eol=crlf\n");
        here.commitAll("all");
        Git there = here.cloneTo(directory.resolve("there"));
        try (FileEventStore store = FileEventStore.open(there.directory())) {
            List<Finding> findings = invalid(store);
            assertEquals(2, findings.size(), findings::toString); // one for each file
            for (Finding finding : findings) {
                assertTrue(finding.what().contains("CR LF"), findings::toString);
                assertTrue(finding.what().contains("no other .gitattributes below events/"), findings::toString);
            }
        }
        // From the index, too: where the file is gone from the working tree, git goes by that.
        there.run("rm", "-q", "events/2026-11/.gitattributes");
        try (Stream<Path> files = Files.list(there.directory().resolve("events/2026-11"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        there.run("checkout", "--", "events/2026-11/*.jsonl");
        assertWhole(there, digest);
    }

    @Test
    void T64_whatAPeersLfsReplacedIsNamedAndTheRestCounts() throws IOException { // T64
        fill(here.directory());
        write(here, "events/2026-11/.gitattributes", "*.jsonl filter=lfs diff=lfs merge=lfs -text\n");
        String pointer = "version https://git-lfs.github.com/spec/v1";
        here.run("config", "filter.lfs.clean", "sed -e '1s,.*," + pointer + ",' -e '2,$d'");
        here.run("config", "filter.lfs.smudge", "cat");
        here.commitAll("all");
        Git there = here.cloneTo(directory.resolve("there"));
        try (FileEventStore store = FileEventStore.open(there.directory())) {
            append(store, "a", "Third");
            List<Finding> findings = invalid(store);
            assertEquals(2, findings.size(), findings::toString); // one for each file
            findings.forEach(finding -> assertTrue(finding.what().contains("git lfs pull"), findings::toString));
            assertEquals(1, store.read(A).events().size());
        }
    }

    @Test
    void L2_aRepositoryMadeAroundAnOpenStoreIsNoticedByTheNextAppend() throws IOException { // L2
        Path root = Files.createDirectories(directory.resolve("outside"));
        try (FileEventStore store = FileEventStore.create(root)) {
            append(store, "a", "First");
            assertEquals(0, store.status().uncommitted());
            Git git = Git.init(root);
            append(store, "a", "Second");
            assertEquals(1, store.status().uncommitted(), "what came before git has no second copy");
            git.run("clean", "-fdq");
            assertEquals(1, store.restore().transactions());
            git.commitAll("all");
            assertEquals(0, store.status().uncommitted());
        }
    }
}
