package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.GitRefusedException;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.StreamId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clones that exchange events with one bare repository, by evstore alone. Needs git; listens on loopback. */
@Timeout(300)
class SyncScenarios {

    private static final int CLONES = 5;

    @TempDir
    Path directory;

    private RemoteServers servers;
    private GitClone anna;

    @BeforeEach
    void aBareRepositoryAndAClone() {
        servers = new RemoteServers(directory);
        anna = GitClone.withStore(directory.resolve("anna"), "");
        named(anna, "anna");
        anna.git("clone", "-q", "--bare", ".", directory.resolve("origin.git").toString());
        new GitClone(directory.resolve("origin.git")).git("config", "http.receivepack", "true");
        anna.git("remote", "add", "origin", servers.file("origin.git"));
        anna.git("fetch", "-q", "origin");
        anna.git("branch", "-q", "-u", "origin/main");
    }

    @AfterEach
    void end() throws IOException {
        servers.close();
    }

    private static void named(GitClone clone, String name) {
        clone.git("config", "user.name", name);
        clone.git("config", "user.email", name + "@example.org");
    }

    private GitClone clone(String name, String url) {
        GitClone clone = new GitClone(directory.resolve(name));
        anna.git("clone", "-q", url, clone.root().toString());
        named(clone, name);
        return clone;
    }

    private static void append(FileEventStore store, String stream, String type) {
        store.append(StreamId.of(stream), ExpectedVersion.current(), NewEvent.of(type, "{}"));
    }

    private static SyncReport sync(FileEventStore store) {
        return GitWorkTree.of(store).sync(null, false);
    }

    private static GitRefusedException refused(FileEventStore store, @Nullable String remote) {
        return assertThrows(
                GitRefusedException.class, () -> GitWorkTree.of(store).sync(remote, false));
    }

    @Test
    void aCloneGetsWhatAnotherWrote() { // G6
        GitClone bert = clone("bert", servers.file("origin.git"));
        try (FileEventStore a = FileEventStore.open(anna.root());
                FileEventStore b = FileEventStore.open(bert.root())) {
            append(a, "one", "A");
            SyncReport first = sync(a);
            assertEquals("origin/main", first.remote());
            assertEquals(1, first.committed().transactions());
            assertTrue(first.pushed());
            assertTrue(first.isClean(), first.toString());

            append(b, "two", "B");
            SyncReport second = sync(b);
            assertEquals(new MergeReport.Arrived(1, 1, 0), second.merged().arrived());
            assertEquals(1, sync(a).merged().arrived().transactions());
            assertEquals(a.digest(), b.digest());
            assertEquals(2, a.status().transactions());
            assertEquals("", anna.git("status", "--porcelain"));

            SyncReport nothing = sync(a);
            assertEquals(new MergeReport.Arrived(0, 0, 0), nothing.merged().arrived());
            assertTrue(nothing.committed().commit().isEmpty());
        }
    }

    @Test
    void clonesComeToRestWhateverGitIsToldOfFastForwards() { // G6
        GitClone bert = clone("bert", servers.file("origin.git"));
        bert.git("config", "merge.ff", "false");
        try (FileEventStore a = FileEventStore.open(anna.root());
                FileEventStore b = FileEventStore.open(bert.root())) {
            append(a, "one", "A");
            String head = sync(a).merged().commit();
            assertEquals(head, sync(b).merged().commit(), "no merge commit for what is merely behind");

            bert.git("config", "merge.ff", "only");
            append(a, "one", "A");
            append(b, "two", "B");
            sync(a);
            GitRefusedException refused = refused(b, null);
            assertTrue(refused.remedy().startsWith("git rebase refs/remotes/origin/main"), refused.toString());
            bert.git("rebase", "-q", "origin/main");
            assertTrue(sync(b).pushed());
            sync(a);
            assertEquals(a.digest(), b.digest());
        }
    }

    @Test
    void forksAreReported() { // G6, F2
        GitClone bert = clone("bert", servers.file("origin.git"));
        try (FileEventStore a = FileEventStore.open(anna.root());
                FileEventStore b = FileEventStore.open(bert.root())) {
            append(a, "one", "A");
            sync(a);
            append(b, "one", "B");
            SyncReport report = sync(b);
            assertEquals(1, report.merged().status().forks().size());
            assertFalse(report.isClean());
            assertTrue(report.pushed());
        }
    }

    @Test
    void fiveClonesThroughFiles() throws Exception { // G6
        atOnce(servers.file("origin.git"), 2);
    }

    @Test
    void fiveClonesThroughGitsOwnProtocol() throws Exception { // G6
        atOnce(servers.git("origin.git"), 1);
    }

    @Test
    void fiveClonesThroughHttp() throws Exception { // G6
        atOnce(servers.http("origin.git"), 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"files", "git", "http"})
    @Tag("soak")
    @Timeout(7_200)
    void fiveClonesFiftyTimes(String through) throws Exception { // G6
        String url = switch (through) {
            case "files" -> servers.file("origin.git");
            case "git" -> servers.git("origin.git");
            default -> servers.http("origin.git");
        };
        atOnce(url, 50);
    }

    /** All append and sync at the same time, each a few times; who was beaten tries again. */
    private void atOnce(String url, int rounds) throws Exception {
        List<FileEventStore> stores = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(CLONES);
        try {
            for (int k = 0; k < CLONES; k++) {
                stores.add(FileEventStore.open(clone("clone-" + k, url).root()));
            }
            for (int round = 0; round < rounds; round++) {
                CountDownLatch start = new CountDownLatch(1);
                List<Future<SyncReport>> syncs = new ArrayList<>();
                for (FileEventStore store : stores) {
                    String type = "Round" + round;
                    syncs.add(threads.submit(() -> {
                        start.await();
                        append(store, "own-" + store.replica(), type);
                        append(store, "all", type);
                        return sync(store);
                    }));
                }
                start.countDown();
                for (Future<SyncReport> sync : syncs) {
                    assertTrue(sync.get().pushed());
                }
            }
            Set<Digest> digests = new HashSet<>();
            for (FileEventStore store : stores) {
                sync(store);
                digests.add(store.digest());
                assertEquals(2L * CLONES * rounds, store.status().transactions());
            }
            assertEquals(1, digests.size());
        } finally {
            threads.shutdownNow();
            stores.forEach(FileEventStore::close);
        }
    }

    @Test
    void anEmptyRemoteGetsItsFirstBranch() { // G6
        Path empty = directory.resolve("empty.git");
        anna.git("init", "-q", "--bare", empty.toString());
        anna.git("remote", "add", "empty", servers.file("empty.git"));
        try (FileEventStore a = FileEventStore.open(anna.root())) {
            append(a, "one", "A");
            SyncReport report = GitWorkTree.of(a).sync("empty", false);
            assertEquals("empty/main", report.remote());
            assertTrue(report.pushed());
        }
        assertEquals(anna.git("rev-parse", "HEAD"), new GitClone(empty).git("rev-parse", "main"));
    }

    @Test
    void theBranchThatIsFollowedMayHaveAnotherName() { // G6
        anna.git("push", "-q", "origin", "main:shared/events");
        anna.git("branch", "-q", "-u", "origin/shared/events");
        try (FileEventStore a = FileEventStore.open(anna.root())) {
            append(a, "one", "A");
            assertEquals("origin/shared/events", sync(a).remote());
        }
        assertEquals(anna.git("rev-parse", "HEAD"), anna.git("rev-parse", "origin/shared/events"));
        assertEquals("1", anna.git("rev-list", "--count", "origin/main..HEAD").strip());
    }

    @Test
    void anOwnConflictEndsItBeforeThePush() throws IOException { // G3, G6
        GitClone bert = clone("bert", servers.file("origin.git"));
        try (FileEventStore a = FileEventStore.open(anna.root());
                FileEventStore b = FileEventStore.open(bert.root())) {
            Files.writeString(anna.root().resolve("notes.txt"), "anna\n");
            anna.commit("my note");
            append(a, "one", "A");
            sync(a);
            Files.writeString(bert.root().resolve("notes.txt"), "bert\n");
            bert.commit("my note");
            append(b, "two", "B");

            SyncReport report = sync(b);

            assertEquals(List.of("notes.txt"), report.merged().conflicts());
            assertFalse(report.pushed());
            assertEquals(2, b.status().transactions(), "the events are there");
            GitRefusedException again = refused(b, null);
            assertTrue(again.remedy().contains("git commit"), again.toString());

            Files.writeString(bert.root().resolve("notes.txt"), "both\n");
            bert.git("add", "notes.txt");
            bert.git("commit", "-q", "--no-edit");
            assertTrue(sync(b).pushed());
            sync(a);
            assertEquals(a.digest(), b.digest());
        }
    }

    @Test
    void whereThereIsNobodyToExchangeWithItSaysSo() { // G6
        try (FileEventStore a = FileEventStore.open(anna.root())) {
            append(a, "one", "A");
            GitRefusedException unknown = refused(a, "upstream");
            assertEquals("There is no remote of this name.", unknown.what());
            assertEquals("one of origin", unknown.remedy());

            anna.git("checkout", "-q", "-b", "alone");
            GitRefusedException alone = refused(a, null);
            assertEquals("The branch follows no branch of a remote.", alone.what());
            assertTrue(alone.remedy().startsWith("evstore sync origin"), alone.toString());
            assertTrue(GitWorkTree.of(a).sync("origin", false).pushed());

            anna.git("checkout", "-q", "main");
            anna.git(
                    "remote",
                    "set-url",
                    "origin",
                    directory.resolve("nowhere.git").toString());
            append(a, "one", "A2");
            GitRefusedException nowhere = refused(a, null);
            assertTrue(nowhere.where().contains("does not appear to be a git repository"), nowhere.toString());
            assertTrue(nowhere.remedy().startsWith("check the address"), nowhere.toString());

            anna.git("remote", "remove", "origin");
            assertTrue(refused(a, null).remedy().startsWith("git remote add origin URL"));
            anna.git("checkout", "-q", "--detach");
            assertTrue(refused(a, null).what().startsWith("HEAD is detached"));
        }
    }

    @Test
    void aWrongPasswordIsNotWaitedForAndNotShown() { // G6
        String url = servers.guarded("origin.git");
        try (FileEventStore a = FileEventStore.open(anna.root())) {
            append(a, "one", "A");
            for (String given : List.of("", "anna:wr%20ong@")) {
                anna.git("remote", "set-url", "origin", url.replace("http://", "http://" + given));
                GitRefusedException no = refused(a, null);
                assertTrue(no.remedy().contains("credentials"), no.toString());
                assertFalse(no.toString().contains("ong"), no.toString());
                assertTrue(no.where().contains("(" + url + ")"), no.toString());
            }
            anna.git("remote", "set-url", "origin", url.replace("http://", "http://anna:secret@"));
            assertTrue(sync(a).pushed());
        }
    }

    @Test
    void aRemoteThatRefusesIsHeard() throws IOException { // G6
        Path hook = directory.resolve("origin.git/hooks/pre-receive");
        Files.createDirectories(hook.getParent());
        Files.writeString(hook, "#!/bin/sh\necho 'fatal: write error: No space left on device' >&2\nexit 1\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (FileEventStore a = FileEventStore.open(anna.root())) {
            append(a, "one", "A");
            GitRefusedException full = refused(a, null);
            assertTrue(full.where().contains("No space left on device"), full.toString());
            assertTrue(full.remedy().startsWith("make room"), full.toString());
            assertEquals(0, a.status().uncommitted(), "it is committed here");
            Files.delete(hook);
            assertTrue(sync(a).pushed());
        }
    }

    @Test
    void itCanBeInterrupted() throws Exception { // G6
        CountDownLatch asked = new CountDownLatch(1);
        anna.git("remote", "set-url", "origin", servers.silent(asked));
        CompletableFuture<GitRefusedException> end = new CompletableFuture<>();
        try (FileEventStore a = FileEventStore.open(anna.root())) {
            append(a, "one", "A");
            Thread syncing = new Thread(() -> {
                GitRefusedException refused = refused(a, null);
                assertTrue(Thread.currentThread().isInterrupted());
                end.complete(refused);
            });
            syncing.start();
            assertTrue(asked.await(60, TimeUnit.SECONDS));
            syncing.interrupt();
            assertTrue(end.get(60, TimeUnit.SECONDS).what().contains("was interrupted"));
            anna.git("remote", "set-url", "origin", servers.file("origin.git"));
            assertTrue(sync(a).pushed());
        }
    }
}
