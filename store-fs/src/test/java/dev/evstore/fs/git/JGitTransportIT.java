package dev.evstore.fs.git;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.GitRefusedException;
import dev.evstore.fs.GitClone;
import dev.evstore.fs.RemoteServers;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.worktree.GitDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exchange with a remote where the git program is not installed. Needs git, to make the other side. */
class JGitTransportIT {

    @TempDir
    Path directory;

    private RemoteServers servers;
    private GitClone anna;
    private GitClone bert;

    @BeforeEach
    void twoClonesOfOneRepository() {
        servers = new RemoteServers(directory);
        anna = GitClone.withStore(directory.resolve("anna"), "");
        anna.git("clone", "-q", "--bare", ".", directory.resolve("origin.git").toString());
        new GitClone(directory.resolve("origin.git")).git("config", "http.receivepack", "true");
        anna.git("remote", "add", "origin", servers.file("origin.git"));
        bert = new GitClone(directory.resolve("bert"));
        anna.git("clone", "-q", servers.file("origin.git"), bert.root().toString());
    }

    @AfterEach
    void end() throws IOException {
        servers.close();
    }

    private void with(String url, String named, Check check) {
        anna.git("remote", "set-url", "origin", url);
        GitDirectory git = Objects.requireNonNull(GitDirectory.of(anna.root()));
        try (GitRepository repository = GitRepository.open(git, StoreLayout.of(anna.root()), Optional.empty())) {
            check.of(Remote.of(repository, named, false), Objects.requireNonNull(repository.headName()));
        }
    }

    private interface Check {
        void of(Remote remote, String head);
    }

    private void change(GitClone clone, String text) {
        try {
            Files.writeString(clone.root().resolve(text), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        clone.commit(text);
    }

    private void exchanges(String url) {
        change(anna, "a");
        change(bert, "b");
        with(url, "origin", (remote, head) -> {
            assertEquals(Optional.of("refs/remotes/origin/main"), remote.fetch());
            assertTrue(remote.push(head));
            assertTrue(remote.isAt(head));
        });
        bert.git("pull", "-q", "--no-rebase", "--no-edit");
        bert.git("push", "-q");
        change(anna, "a2");
        with(url, "origin", (remote, head) -> {
            assertFalse(remote.push(head), "somebody else pushed");
            assertEquals(Optional.of("refs/remotes/origin/main"), remote.fetch());
        });
        assertEquals(bert.git("rev-parse", "HEAD"), anna.git("rev-parse", "origin/main"));
        anna.git("merge", "-q", "--no-edit", "origin/main");
        with(url, "origin", (remote, head) -> assertTrue(remote.push(head)));
    }

    @Test
    void throughFiles() { // G6
        exchanges(servers.file("origin.git"));
    }

    @Test
    void throughGitsOwnProtocol() { // G6
        exchanges(servers.git("origin.git"));
    }

    @Test
    void throughHttp() { // G6
        exchanges(servers.http("origin.git"));
    }

    @Test
    void aRemoteWithoutTheBranchGetsIt() { // G6
        anna.git("checkout", "-q", "-b", "events");
        with(servers.file("origin.git"), "origin", (remote, head) -> {
            assertEquals(Optional.empty(), remote.fetch());
            assertTrue(remote.push(head));
            assertEquals(Optional.of("refs/remotes/origin/events"), remote.fetch());
        });
    }

    @Test
    void whatJGitCantReachIsRefusedInClearText() { // G6
        for (String url : new String[] {
            directory.resolve("nowhere.git").toString(),
            servers.guarded("origin.git").replace("http://", "http://anna:wrong@"),
            "ssh://anna:wrong@127.0.0.1/origin.git"
        }) {
            with(url, "origin", (remote, head) -> {
                GitRefusedException refused = assertThrows(GitRefusedException.class, remote::fetch);
                assertTrue(refused.what().startsWith("The remote can't be reached"), refused.toString());
                assertFalse(refused.toString().contains("wrong"), refused.toString());
                assertTrue(refused.where().contains("git program"), refused.toString());
            });
        }
    }
}
