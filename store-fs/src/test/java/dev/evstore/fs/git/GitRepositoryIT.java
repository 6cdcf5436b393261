package dev.evstore.fs.git;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.GitRefusedException;
import dev.evstore.fs.GitClone;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.worktree.GitDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commits are made of, and what keeps them from being made; held against the git program. */
final class GitRepositoryIT {

    @TempDir
    private Path directory;

    private GitClone git;

    @BeforeEach
    void aStoreInARepository() {
        git = GitClone.withStore(directory.resolve("repository"), "store");
        git.git("config", "user.name", "Bert");
        git.git("config", "user.email", "bert@example.org");
    }

    private static GitRepository open(GitClone in) {
        StoreLayout layout = StoreLayout.of(in.root().resolve("store"));
        GitDirectory found = GitDirectory.of(layout.root());
        assertNotNull(found);
        return GitRepository.open(found, layout);
    }

    @Test
    void onlyTheTreesOfNewFilesAreWrittenAndEveryOtherEntryStays() throws IOException { // G1
        write("store.d/f", "x");
        write("store-x", "x");
        write("stor", "x");
        write("store/other/f", "x");
        write("store/events/2026-10/f.jsonl", "x");
        Files.writeString(git.root().resolve("caf\u00e9"), "x");
        git.commit("files of the user");
        String odd = oddTree();
        git.git("update-ref", "refs/heads/main", odd);
        try (GitRepository repository = open(git)) {
            ObjectId commit =
                    commit(repository, List.of("store/events/2026-11/b.jsonl", "store/events/2026-11/a.jsonl"));
            assertEquals(
                    "A\tstore/events/2026-11/a.jsonl\nA\tstore/events/2026-11/b.jsonl",
                    git.git("diff", "--name-status", odd, commit.name()).strip());
            assertEquals(
                    git.git("cat-file", "-p", odd + "^{tree}").replaceAll("tree \\w+\tstore\n", ""),
                    git.git("cat-file", "-p", commit.name() + "^{tree}").replaceAll("tree \\w+\tstore\n", ""));
        }
        git.git("fsck", "--no-dangling");
    }

    /** A commit whose tree has an entry of a mode that git no longer writes. */
    private String oddTree() throws IOException {
        String listing = git.git("ls-tree", "HEAD");
        try (GitRepository repository = open(git);
                ObjectInserter inserter = repository.inserter()) {
            ObjectId tree = repository.tree(repository.head());
            assertNotNull(tree);
            byte[] bytes = repository.reader().open(tree).getCachedBytes();
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            assertTrue(text.contains("100644 stor\0"), listing);
            ObjectId odd = inserter.insert(
                    Constants.OBJ_TREE,
                    text.replace("100644 stor\0", "100664 stor\0").getBytes(StandardCharsets.ISO_8859_1));
            inserter.flush();
            return git.git("commit-tree", odd.name(), "-p", "HEAD", "-m", "odd").strip();
        }
    }

    @Test
    void theFirstCommitOfABranchHasNoParent() throws IOException { // G1
        git.git("checkout", "-q", "--orphan", "other");
        try (GitRepository repository = open(git)) {
            assertEquals(null, repository.head());
            ObjectId commit = commit(repository, List.of("store/events/2026-11/a.jsonl"));
            assertTrue(repository.moveHead(null, commit, "commit (initial): first"));
            assertEquals(commit.name(), git.git("rev-parse", "refs/heads/other").strip());
            assertEquals(
                    "Bert <bert@example.org>",
                    git.git("log", "--format=%an <%ae>").strip());
            assertTrue(git.git("reflog", "show", "other").contains("commit (initial): first"));
        }
    }

    @Test
    void T74_aBranchThatMovedMeanwhileStaysWhereItIs() throws IOException { // G2, T74
        try (GitRepository repository = open(git)) {
            ObjectId before = repository.head();
            ObjectId commit = commit(repository, List.of("store/events/2026-11/a.jsonl"));
            git.git("commit", "-q", "--allow-empty", "-m", "the user was faster");
            String moved = git.git("rev-parse", "HEAD");
            assertFalse(repository.moveHead(before, commit, "commit: late"));
            assertEquals(moved, git.git("rev-parse", "HEAD"));
            assertFalse(repository.moveHead(null, commit, "commit: late"));
        }
    }

    @Test
    void theLockOfAnotherGitIsReportedAndOursAlwaysGoes() throws IOException { // G2
        Path lock = git.root().resolve(".git/index.lock");
        try (GitRepository repository = open(git)) {
            Files.createFile(lock);
            GitRefusedException refused = assertThrows(
                    GitRefusedException.class,
                    () -> IndexLock.take(repository, Duration.ofMillis(50)).close());
            assertTrue(refused.where().endsWith("index.lock"));
            assertTrue(Files.exists(lock));
            Files.delete(lock);
            IndexLock.take(repository).close();
            assertFalse(Files.exists(lock));
            Files.write(git.root().resolve(".git/index"), new byte[] {1, 2, 3});
            assertThrows(IOException.class, () -> {
                try (IndexLock ours = IndexLock.take(repository)) {
                    ours.stage(List.of());
                }
            });
            assertFalse(Files.exists(lock));
        }
    }

    @Test
    void aLockThatAKilledProcessHeldStopsGitAndIsRemovedByUs() throws Exception { // G2, T66
        write("f", "1");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        git.root().toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(Holder.KILLED, process.waitFor(), said);
        assertTrue(Files.exists(git.root().resolve(".git/index.lock")));
        assertTrue(git.tryGit("add", "f").said().contains("index.lock': File exists"));
        try (GitRepository repository = open(git);
                IndexLock lock = IndexLock.take(repository, Duration.ZERO)) {
            lock.stage(List.of());
        }
        git.git("add", "f");
    }

    /** Is killed while it holds the lock of git's index. */
    static final class Holder {
        private static final int KILLED = 99;

        public static void main(String[] arguments) {
            IndexLock.take(open(new GitClone(Path.of(arguments[0]))));
            Runtime.getRuntime().halt(KILLED);
        }
    }

    @Test
    void whatGitHasBegunIsEndedFirst() throws IOException { // G4
        write("f", "1");
        git.commit("one");
        git.git("checkout", "-q", "-b", "other");
        write("f", "2");
        git.commit("two");
        git.git("checkout", "-q", "main");
        write("f", "3");
        git.commit("three");
        for (String begin : List.of("merge other", "cherry-pick other", "rebase other", "revert HEAD~1")) {
            git.tryGit(begin.split(" ", -1));
            String name = begin.split(" ", -1)[0];
            assertTrue(
                    refusal(git).remedy().contains("git " + name + " --abort")
                            || refusal(git).remedy().contains(name + " --continue or"),
                    begin);
            git.git(name, "--abort");
            open(git).close();
        }
        git.git("bisect", "start");
        assertTrue(refusal(git).remedy().contains("git bisect reset"));
        git.git("bisect", "reset");
        open(git).close();
    }

    @Test
    void aDetachedHeadIsRefused() { // G4
        git.git("checkout", "-q", "--detach");
        assertTrue(refusal(git).remedy().contains("git switch"));
    }

    @Test
    void aRepositoryOfSha256IsRefused() { // G4
        GitClone other = new GitClone(directory.resolve("sha256"));
        assertTrue(other.root().toFile().mkdirs());
        other.git("init", "-q", "--object-format=sha256");
        GitRefusedException refused = refusal(other);
        assertTrue(refused.what().contains("sha256"));
    }

    @Test
    void aBareRepositoryIsRefused() { // G4
        git.git("config", "core.bare", "true");
        assertTrue(refusal(git).remedy().contains("core.bare"));
    }

    @Test
    void aSplitOrSparseIndexIsRefused() { // G4
        git.git("update-index", "--split-index");
        assertTrue(refusal(git).remedy().contains("--no-split-index"));
        git.git("config", "core.splitIndex", "false");
        git.git("update-index", "--no-split-index");
        open(git).close();
    }

    @Test
    void nobodyIsMadeUpWhereGitDoesNotKnowWhoYouAre() { // G4
        git.git("config", "--unset", "user.name");
        git.git("config", "--unset", "user.email");
        git.git("config", "user.useConfigOnly", "true");
        try (GitRepository repository = open(git)) {
            GitRefusedException refused = assertThrows(
                    GitRefusedException.class, () -> commit(repository, List.of("store/events/2026-11/a.jsonl")));
            assertTrue(refused.remedy().contains("git config --global user.email"));
        }
    }

    @Test
    void withoutTheProgramWhatTheRepositorySaysHolds() throws IOException { // G4
        StoreLayout layout = StoreLayout.of(git.root().resolve("store"));
        GitDirectory found = GitDirectory.of(layout.root());
        assertNotNull(found);
        try (GitRepository repository = GitRepository.open(found, layout, Optional.empty())) {
            Preflight.check(repository);
            ObjectId commit = commit(repository, List.of("store/events/2026-11/a.jsonl"));
            assertEquals(
                    "Bert", git.git("log", "-1", "--format=%cn", commit.name()).strip());
            git.git("config", "commit.gpgsign", "true");
        }
        try (GitRepository repository = GitRepository.open(found, layout, Optional.empty())) {
            assertThrows(GitRefusedException.class, () -> Preflight.check(repository));
        }
    }

    @Test
    void theProgramIsNeverLookedUpInTheWorkingDirectory() throws IOException {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        Path program = Files.writeString(bin.resolve("git"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        String relative = Path.of("").toAbsolutePath().relativize(bin).toString();
        assertTrue(GitProgram.find(relative + File.pathSeparator + "." + File.pathSeparator)
                .isEmpty());
        assertTrue(GitProgram.find(null).isEmpty());
        assertTrue(GitProgram.find(relative + File.pathSeparator + bin).isPresent());
    }

    @Test
    void aProgramThatDoesNotEndIsEnded() throws IOException {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        Path program = Files.writeString(bin.resolve("git"), "#!/bin/sh\nexec /bin/cat /dev/zero\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        GitProgram git = GitProgram.find(bin.toString()).orElseThrow();
        assertThrows(
                IOException.class,
                () -> git.run(directory, Duration.ofMillis(200), "status").end());
    }

    @Test
    void theProgramIsToldOfNoOtherRepository() throws IOException {
        GitProgram program = GitProgram.find().orElseThrow();
        GitProgram.Ended ended = program.run(git.root(), Duration.ofSeconds(30), "rev-parse", "--show-toplevel")
                .environment(Map.of("LC_ALL", "C"))
                .end();
        assertEquals(git.root().toRealPath().toString(), ended.text());
        assertEquals(
                128,
                program.run(git.root(), Duration.ofSeconds(30), "no-such-command", "x")
                                        .end()
                                        .exit()
                                == 0
                        ? 0
                        : 128);
    }

    private GitRefusedException refusal(GitClone in) {
        return assertThrows(GitRefusedException.class, () -> open(in).close());
    }

    private ObjectId commit(GitRepository repository, List<String> paths) throws IOException {
        @Nullable ObjectId head = repository.head();
        Map<String, ObjectId> files = new TreeMap<>();
        try (ObjectInserter inserter = repository.inserter()) {
            for (String path : paths) {
                files.put(path, inserter.insert(Constants.OBJ_BLOB, path.getBytes(StandardCharsets.UTF_8)));
            }
            ObjectId tree = new TreeEdit(repository.reader(), inserter).with(repository.tree(head), files);
            inserter.flush();
            return repository.commit(tree, head == null ? List.of() : List.of(head), "Of evstore");
        }
    }

    private void write(String path, String content) throws IOException {
        Path file = git.root().resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
