package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.GitRefusedException;
import dev.evstore.core.id.TransactionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits in every kind of repository, by whoever is configured there. With the git program. */
final class CommitPlacesIT {

    @TempDir
    private Path directory;

    private Committing here;

    @BeforeEach
    void aStoreInARepository() {
        here = Committing.in(directory.resolve("repository"), "store");
    }

    @Test
    void T76_aLinkedWorktreeCommitsToItsOwnBranch() { // T76, T10
        here.append("a", 1);
        here.commit();
        Path linked = directory.resolve("linked");
        here.git().git("worktree", "add", "-q", "-b", "side", linked.toString());
        Committing side = new Committing(new GitClone(linked), linked.resolve("store"));
        side.append("a", 2);
        CommitResult result = side.commit();
        assertEquals(Optional.of(side.git().git("rev-parse", "refs/heads/side").strip()), result.commit());
        assertEquals(1, here.visible().size());
        side.isClean();
        here.append("a", 2);
        here.commit();
        here.git().git("merge", "-q", "--no-edit", "side");
        assertEquals(5, here.countVisible());
        here.nothingWasTakenAway();
    }

    @Test
    void T76_aSubmoduleCommitsToItself() { // T76
        GitClone outer = new GitClone(directory.resolve("outer"));
        assertTrue(outer.root().toFile().mkdirs());
        outer.git("init", "-q", "-b", "main");
        outer.git(
                "-c",
                "protocol.file.allow=always",
                "submodule",
                "--quiet",
                "add",
                here.git().root().toString(),
                "sub");
        GitClone sub = new GitClone(outer.root().resolve("sub"));
        Committing.configure(sub);
        Committing inner = new Committing(sub, sub.root().resolve("store"));
        inner.append("a", 2);
        assertEquals(2, inner.commit().transactions());
        inner.isClean();
        assertTrue(outer.git("status", "--porcelain").contains("sub"));
    }

    @Test
    void T76_whoCommitsIsWhomGitWouldTake() throws IOException { // T76, G4
        here.git().git("config", "--unset", "user.name");
        here.git().git("config", "--unset", "user.email");
        Path included = Files.writeString(
                directory.resolve("included"), "[user]\n\tname = Of the work\n\temail = work@example.org\n");
        here.git().git("config", "includeIf.gitdir:" + directory.toRealPath() + "/.path", included.toString());
        here.append("a", 1);
        here.commit();
        assertEquals(
                "Of the work <work@example.org>",
                here.git().git("log", "-1", "--format=%an <%ae>").strip());
        here.git().git("config", "committer.name", "The machine");
        here.append("a", 1);
        here.commit();
        assertEquals(
                "Of the work, The machine",
                here.git().git("log", "-1", "--format=%an, %cn").strip());
    }

    @Test
    void T76_noHookIsRun() throws IOException { // T76
        Path hooks = Files.createDirectory(directory.resolve("hooks"));
        for (String name : List.of("pre-commit", "commit-msg", "post-commit", "prepare-commit-msg")) {
            Path hook = Files.writeString(hooks.resolve(name), "#!/bin/sh\ntouch " + directory + "/ran\nexit 1\n");
            Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        here.git().git("config", "core.hooksPath", hooks.toString());
        here.append("a", 1);
        assertEquals(1, here.commit().transactions());
        assertFalse(Files.exists(directory.resolve("ran")));
    }

    @Test
    void T76_aCommitIsSignedWhereThatIsWanted() throws Exception { // T76, G4
        Path key = directory.resolve("key");
        Process made = new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()).start();
        assertEquals(0, made.waitFor());
        Path signers = Files.writeString(
                directory.resolve("signers"), "anna@example.org " + Files.readString(Path.of(key + ".pub")));
        here.git().git("config", "commit.gpgsign", "true");
        here.git().git("config", "gpg.format", "ssh");
        here.git().git("config", "user.signingkey", key.toString());
        here.git().git("config", "gpg.ssh.allowedSignersFile", signers.toString());
        here.append("a", 2);
        here.commit();
        here.git().git("verify-commit", "HEAD");
        here.isClean();
        here.git().git("config", "user.signingkey", directory + "/none");
        List<TransactionId> unsigned = here.append("a", 2);
        GitRefusedException refused = assertThrows(GitRefusedException.class, here::commit);
        assertTrue(refused.remedy().contains("commit.gpgsign"));
        assertTrue(here.visible().containsAll(unsigned));
    }

    @Test
    void T33_blanksAndLettersOfOtherScriptsInTheWay() throws IOException { // T33
        GitClone git = new GitClone(directory.resolve("a b/\u00e4\u4e2d"));
        Files.createDirectories(git.root());
        git.git("init", "-q", "-b", "main");
        Committing.configure(git);
        Path root = git.root().resolve("st ore \u00e9");
        FileEventStore.create(root).close();
        Committing there = new Committing(git, root);
        there.append("a", 2);
        assertEquals(2, there.commit().transactions());
        assertEquals("", git.git("status", "--porcelain"));
        assertEquals(3, git.git("ls-tree", "-r", "--name-only", "HEAD").lines().count());
    }
}
