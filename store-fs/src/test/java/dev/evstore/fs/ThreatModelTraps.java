package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedPage;
import dev.evstore.core.Finding;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.ReadOptions;
import dev.evstore.core.StreamInfo;
import dev.evstore.core.append.Findings;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a peer can't do, through commits alone: the sentences of the README's threat model, each attacked. A peer's
 * commits are pulled with the git program while the store is open.
 */
@Tag("stores")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // nothing interrupts who opens a FIFO
class ThreatModelTraps {

    private static final StreamId MINE = StreamId.of("mine");
    private static final StreamId PEER = StreamId.of("peer");

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();

    @SuppressWarnings("NullAway.Init") // made before each test
    private Outside outside;

    @SuppressWarnings("NullAway.Init")
    private GitClone git;

    @BeforeEach
    void aStoreThatIsShared() throws IOException {
        outside = new Outside(directory.resolve("outside"));
        git = aStore("here");
    }

    private GitClone aStore(String name) {
        GitClone made = GitClone.withStore(directory.resolve(name), "");
        try (FileEventStore store = FileEventStore.open(made.root(), options())) {
            append(store);
        }
        made.commit("an event");
        return made;
    }

    private StoreOptions options() {
        return StoreOptions.defaults().clock(clock).random(new Random(5));
    }

    private static void append(FileEventStore store) {
        store.append(MINE, ExpectedVersion.current(), NewEvent.of("Mine", "{}"));
    }

    private static boolean pull(GitClone clone) {
        return clone.tryGit("pull", "-q", "--no-rebase", "--no-edit", ".", "peer")
                        .exit()
                == 0;
    }

    private HostileCommit commit() {
        return new HostileCommit(git.root());
    }

    /** Asks everything that a store can be asked. */
    private static void askAll(FileEventStore store) {
        store.refresh();
        assertTrue(store.status().findings().size() <= Findings.MAX);
        store.forks();
        store.staleReads();
        for (StreamInfo stream : store.streams("")) {
            int events = store.read(stream.id()).events().size();
            assertEquals(events, stream.state().version().value());
            assertEquals(
                    events,
                    store.read(stream.id(), ReadOptions.fromTheEnd()).events().size());
        }
        long events = 0;
        for (StoredEvent event : store.readAll(ReadAllOptions.forwards())) {
            assertTrue(store.findEvent(event.id()).isPresent());
            events++;
        }
        assertEquals(store.status().events(), events);
        for (TransactionHeader header : store.readLog(null)) {
            assertTrue(store.readTransaction(header.id()).isPresent());
        }
        FeedPage page;
        FeedCursor cursor = FeedCursor.beginning();
        do {
            page = store.readFeed(cursor, EventFilter.all(), 100);
            cursor = page.next();
        } while (!page.atEnd());
        assertEquals(0, store.read(StreamId.of(Outside.STREAM)).events().size(), "nothing outside was read");
        store.restore();
        store.verify(ProgressListener.NONE);
    }

    private void noPeerHasBeenServed(GitClone clone) throws IOException {
        outside.assertUntouched();
        assertFalse(Files.exists(clone.root().resolve("evil")), "something of the peer's was run");
    }

    @Test
    void noFileCrashesHangsOrWedges() throws IOException { // T25, T26, T33, T52, T58, T62, V2
        for (long seed = 1; seed <= 5; seed++) {
            attackAndGoOn(seed, aStore("store-" + seed));
        }
    }

    private void attackAndGoOn(long seed, GitClone clone) throws IOException {
        String which = "seed " + seed;
        HostileCommit commit = HostileCommit.random(clone.root(), outside.path(), new Random(seed));
        commit.commit();
        try (FileEventStore store = FileEventStore.open(clone.root(), options())) {
            ReplicaId self = store.replica();
            assertTrue(pull(clone), which);
            askAll(store);
            assertEquals(commit.valid(), store.read(PEER).events().size(), which);
            clock.move(Duration.ofDays(60)); // into a month whose name may be taken
            append(store);
            store.reindex(ProgressListener.NONE);
            askAll(store);
            assertEquals(self, store.replica(), which);
            ReferenceReader.check(clone.root(), store);
        }
        try (FileEventStore store = FileEventStore.open(clone.root(), options())) {
            assertEquals(0, store.notices().size(), which);
            append(store);
            askAll(store);
        }
        try (FileEventStore store = FileEventStore.openReadOnly(clone.root(), options())) {
            store.status();
            assertEquals(commit.valid(), store.read(PEER).events().size(), which);
        }
        noPeerHasBeenServed(clone);
    }

    @Test
    void clonesWithEqualFilesAgree() throws IOException { // I4, I5
        for (long seed = 21; seed <= 23; seed++) {
            GitClone one = aStore("one-" + seed);
            HostileCommit.random(one.root(), outside.path(), new Random(seed)).commit();
            try (FileEventStore store = FileEventStore.open(one.root(), options())) {
                assertTrue(pull(one));
                store.refresh();
                Path two = directory.resolve("two-" + seed);
                one.git("clone", "-q", ".", two.toString());
                try (FileEventStore other = FileEventStore.open(two)) {
                    assertEquals(store.digest(), other.digest(), "seed " + seed);
                    assertEquals(store.streams(""), other.streams(""));
                    assertEquals(store.forks(), other.forks());
                }
            }
        }
    }

    @Test
    void nothingThatAPeerCommitsIsRun() throws IOException {
        String program = "#!/bin/sh\ntouch '" + git.root().resolve("evil") + "'\n";
        HostileCommit commit = commit().valid("events/good.jsonl");
        for (String place : new String[] {"git", "sh", "events/git", ".evstore/git", "hooks/post-merge", "less"}) {
            commit.program(place, program);
        }
        commit.file("events/.gitattributes", "* filter=evil merge=evil diff=evil\n")
                .file(".gitattributes", "* filter=evil merge=evil\n")
                .file(".gitconfig", "[filter \"evil\"]\n\tclean = ./git\n\tsmudge = ./git\n")
                .file("META-INF/services/org.sqlite.Driver", "x\n")
                .program("libsqlitejdbc.so", program)
                .commit();
        try (FileEventStore store = FileEventStore.open(git.root(), options())) {
            assertTrue(pull(git));
            askAll(store);
            append(store);
            assertEquals(1, store.read(PEER).events().size());
        }
        noPeerHasBeenServed(git);
    }

    @Test
    void nothingOutsideTheStoreIsRead() throws IOException { // T62
        HostileCommit commit = commit();
        for (String target : new String[] {outside.path().toString(), "../../outside", outside.path() + "/deep/.."}) {
            commit.link("events/a" + target.hashCode(), target)
                    .link("events/b" + target.hashCode() + ".jsonl", target + "/secret.jsonl")
                    .link("events/deep/er/c" + target.hashCode() + ".jsonl", target);
        }
        commit.commit();
        try (FileEventStore store = FileEventStore.open(git.root(), options())) {
            assertTrue(pull(git));
            askAll(store);
            assertFalse(store.status().isClean());
        }
        noPeerHasBeenServed(git);
    }

    @Test
    void nothingOutsideTheStoreIsWritten() throws IOException { // T58, T62, L1
        HostileCommit commit = commit().link("events/2026-11b", outside.path().toString());
        for (int month = 1; month <= 12; month++) {
            commit.link(String.format("events/2027-%02d", month), outside.path().toString());
        }
        for (String name : new String[] {"lock", "tmp", "uncommitted", "current", "subscriptions.db", "replica.json"}) {
            commit.link(".evstore/" + name, outside.path() + "/" + name);
        }
        commit.commit();
        try (FileEventStore store = FileEventStore.open(git.root(), options())) {
            assertTrue(pull(git));
            clock.move(Duration.ofDays(60));
            append(store);
            askAll(store);
            assertEquals(1, store.status().uncommitted(), "it is kept a second time, too");
            assertTrue(
                    store.status().findings().stream().anyMatch(finding -> finding.code() == Finding.Code.NAME_TAKEN));
            FileEventStore.create(git.root(), options()).close();
        }
        noPeerHasBeenServed(git);
    }

    @Test
    void whatAPeerPutsIntoEvstoreIsNeverUsed() throws IOException { // T58, L1
        String token = "0123456789abcdef".repeat(2);
        commit().file(".evstore/owner", token)
                .file(".evstore/.gitignore", "!*\n")
                .file(".evstore/current", "index-0123456789abcdef-1.db\n")
                .file(".evstore/index-0123456789abcdef-1.db", "planted")
                .file(".evstore/replica.json", "{\"id\":\"00000000-0000-0000-0000-00000000dead\",\"seq\":7}\n")
                .link(".evstore/lock", "/dev/zero")
                .file(".evstore/" + token + "/owner", token)
                .file(".evstore/" + token + "/current", "index-0123456789abcdef-1.db\n")
                .commit();
        FeedCursor cursor;
        ReplicaId self;
        try (FileEventStore store = FileEventStore.open(git.root(), options())) {
            self = store.replica();
            cursor = store.readFeed(FeedCursor.beginning(), EventFilter.all(), 10)
                    .next();
            assertTrue(pull(git));
            append(store);
            askAll(store);
        }
        try (FileEventStore store = FileEventStore.open(git.root(), options())) {
            assertEquals(self, store.replica());
            assertEquals(0, store.notices().size());
            assertEquals(
                    1, store.readFeed(cursor, EventFilter.all(), 10).entries().size(), "the cursor is good");
        }
        assertFalse(git.git("status", "--porcelain")
                .contains(Local.of(git.root()).getFileName().toString()));
    }

    @Test
    void T58_aLinkOrFileInThePlaceOfTheLocalDirectoryIsSetAside() throws IOException { // T58, L1
        commit().link(".evstore", outside.path().toString()).commit();
        try (FileEventStore store = FileEventStore.open(git.root(), options())) {
            store.refresh();
        }
        assertTrue(pull(git), "git removes an ignored directory for what a commit has in its place");
        assertTrue(Files.isSymbolicLink(git.root().resolve(".evstore")));
        try (FileEventStore store = FileEventStore.open(git.root(), options())) {
            assertEquals(Finding.Code.LOCAL_RENEWED, store.notices().get(0).code());
            append(store);
            askAll(store);
        }
        assertTrue(Files.isDirectory(git.root().resolve(".evstore"), LinkOption.NOFOLLOW_LINKS));
        noPeerHasBeenServed(git);
    }

    @Test
    void T64_rulesOfAPeerThatHaveGitConvertEventFilesAreFound() throws IOException { // T64, G8
        commit().file("events/.gitattributes", "*.jsonl text eol=crlf\n")
                .file("events/.gitignore", "*.jsonl\n")
                .file("events/2026-10/.gitattributes", "*.jsonl working-tree-encoding=UTF-16\n")
                .valid("events/good.jsonl")
                .valid("events/2026-10/good.jsonl")
                .commit();
        try (FileEventStore store = FileEventStore.open(git.root(), options())) {
            assertTrue(store.status().isClean());
            assertTrue(pull(git));
            assertEquals(
                    List.of("events/.gitattributes", "events/.gitignore", "events/2026-10/.gitattributes"),
                    store.status().findings().stream()
                            .filter(finding -> finding.code() == Finding.Code.RULES_CHANGED)
                            .map(Finding::where)
                            .toList());
            for (String rules : new String[] {".gitattributes", ".gitignore", "2026-10/.gitattributes"}) {
                Files.delete(git.root().resolve("events").resolve(rules));
            }
            FileEventStore.create(git.root(), options()).close();
            git.git("add", "events/.gitattributes", "events/.gitignore");
            git.git("rm", "-q", "--cached", "events/2026-10/.gitattributes");
            git.git("commit", "-q", "-m", "our rules again");
            Files.delete(git.root().resolve("events/good.jsonl"));
            Files.delete(git.root().resolve("events/2026-10/good.jsonl"));
            git.git("checkout", "--", "events");
            assertEquals(2, store.refresh().transactions());
            assertTrue(store.status().isClean());
        }
    }

    @Test
    void T62_eventsReplacedByALinkIsRefusedUntilItIsBack() throws IOException { // T62
        commit().remove("events").link("events", outside.path().toString()).commit();
        FileEventStore store = FileEventStore.open(git.root(), options());
        try (store) {
            assertTrue(pull(git));
            store.refresh();
            assertEquals(0, store.status().events());
        }
        noPeerHasBeenServed(git);
        git.git("reset", "-q", "--hard", "HEAD^");
        try (FileEventStore again = FileEventStore.open(git.root(), options())) {
            append(again);
            askAll(again);
        }
    }

    @Test
    void T62_aLinkInThePlaceOfAPacksDirectoryIsNotReadThrough() throws IOException { // T62, V5
        StringBuilder pack = new StringBuilder();
        for (int k = 0; k < 20; k++) {
            Transaction big = Foreign.at(1000 + k)
                    .free("big")
                    .event("big", NewEvent.of("Big", "\"" + "x".repeat(8000) + "\""))
                    .build();
            pack.append(new String(big.bytes(), StandardCharsets.UTF_8));
        }
        Path month = Files.createDirectories(git.root().resolve("events/2026-09"));
        Files.writeString(month.resolve("pack.jsonl"), pack);
        StreamId stream = StreamId.of("big");
        try (FileEventStore store = FileEventStore.open(git.root(), options())) {
            store.refresh();
            assertEquals(20, store.read(stream).events().size(), "read from the pack");
        }
        try (FileEventStore store = FileEventStore.open(git.root(), options())) {
            Files.move(month, directory.resolve("elsewhere"));
            Files.createSymbolicLink(month, directory.resolve("elsewhere"));
            assertEquals(0, store.read(stream).events().size(), "the same bytes, but not the store's");
        }
    }

    @Test
    void noFileExhaustsMemory() throws Exception { // V2, V4
        HostileCommit commit = commit();
        for (int k = 0; k < 100; k++) {
            commit.file("events/bad-" + k + ".jsonl", "{\"v\":1}\n".repeat(3000));
        }
        commit.file("events/line.jsonl", "{\"v\":1," + "x".repeat(33 << 20))
                .file("events/deep.jsonl", "{\"v\":1,\"tx\":" + "[".repeat(20 << 20) + "\n")
                .file("events/header.jsonl", "{\"v\":1,\"tx\":\"" + "\\u0041".repeat(3 << 20) + "\"}\n")
                .commit();
        assertTrue(pull(git));
        Process small = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        InLittleMemory.class.getName(),
                        git.root().toString())
                .redirectErrorStream(true)
                .start();
        small.getOutputStream().close();
        String said = new String(small.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, small.waitFor(), said);
    }

    /** Another process, with a heap of four files' size. */
    static final class InLittleMemory {

        private InLittleMemory() {}

        public static void main(String[] directory) {
            try (FileEventStore store = FileEventStore.open(Path.of(directory[0]))) {
                assertTrue(store.status().moreFindings() > 100_000);
                askAll(store);
                append(store);
            }
        }
    }
}
