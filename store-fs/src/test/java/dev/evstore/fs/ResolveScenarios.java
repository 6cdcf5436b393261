package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.Finding;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Git is brought to stop on event files, and evstore ends that (rule G5). Needs git. */
class ResolveScenarios {

    private static final StreamId A = StreamId.of("a");

    @TempDir
    Path directory;

    private GitClone git;
    private FileEventStore store;
    private int notes;

    @BeforeEach
    void aStore() throws IOException {
        git = GitClone.withStore(directory.resolve("repository"), "");
        store = FileEventStore.open(git.root());
        append("Base");
        note("base");
        git.commit("base");
    }

    @AfterEach
    void nothingIsOdd() {
        try (FileEventStore closing = store) {
            ReferenceReader.check(git.root(), closing);
        }
    }

    private void append(String type) {
        store.append(A, ExpectedVersion.current(), one(type));
    }

    /** Alike enough for git to take one's file for another's. */
    private static NewEvent one(String type) {
        return NewEvent.of(type, "{\"text\":\"" + "the same words in every event. ".repeat(40) + "\"}");
    }

    private void note(String text) throws IOException {
        Files.writeString(git.root().resolve("notes.txt"), text + ++notes + "\n");
    }

    private Set<String> types() {
        store.refresh();
        Set<String> types = new TreeSet<>();
        store.read(A).events().forEach(event -> types.add(event.type().value()));
        return types;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(git.root().resolve("events"))) {
            return all.filter(file -> file.toString().endsWith(".jsonl")).toList();
        }
    }

    private Path fileOf(String type) throws IOException {
        for (Path file : files()) {
            if (Files.readString(file).contains("\"type\":\"" + type + "\"")) {
                return file;
            }
        }
        throw new AssertionError(type);
    }

    private List<String> conflicts() {
        return store.status().findings().stream()
                .filter(finding -> finding.code() == Finding.Code.GIT_CONFLICT)
                .map(Finding::remedy)
                .distinct()
                .toList();
    }

    /** Resolves, and holds what came of it: everything that both sides have is here, staged and whole. */
    private ResolveReport resolve(String... types) {
        assertEquals(List.of("evstore resolve"), conflicts());
        ResolveReport report = GitWorkTree.of(store).resolve();
        assertEquals(Set.of(types), types());
        assertEquals(List.of(), store.status().findings());
        assertEquals("", git.git("diff", "--name-only", "--", "events"), "what is staged is what is there");
        assertEquals(List.of(), GitWorkTree.of(store).resolve().files(), "once is enough");
        return report;
    }

    /** A file that both sides have removed, each of them with a new one that is much like it. */
    private void removedOnBothSides() {
        append("Gone");
        git.commit("gone");
        store.status(); // it was committed, so it is not kept any longer
        git.git("revert", "--no-edit", "HEAD");
        String reverting = git.git("rev-parse", "HEAD").strip();
        git.git("reset", "-q", "--hard", "HEAD~1");
        git.git("branch", "side");
        git.git("cherry-pick", reverting);
        append("Mine");
        git.commit("mine");
        git.git("checkout", "-q", "side");
        git.git("commit", "-q", "--allow-empty", "-m", "another commit than theirs");
        git.git("cherry-pick", reverting);
        store.refresh();
        append("Theirs");
        git.commit("theirs");
        git.git("checkout", "-q", "main");
        store.refresh();
    }

    @Test
    void T30_twoFilesThatGitTakesForOneFileRenamedTwice() { // T30, K2, G5
        removedOnBothSides();
        GitClone.Ended merge = git.tryGit("merge", "--no-edit", "side");
        assertTrue(merge.said().contains("CONFLICT (rename/rename)"), merge.said());

        ResolveReport report = resolve("Base", "Mine", "Theirs");
        assertEquals(2, report.files().size());
        assertEquals(2, report.transactions());
        assertEquals(List.of(), report.remaining());
        assertEquals("git commit", report.next());
        git.git("commit", "-q", "--no-edit");
        assertEquals("", git.git("status", "--porcelain"));
        assertEquals(Set.of("Base", "Mine", "Theirs"), types());
    }

    @Test
    void T30_aFileThatGitTakesForOneThatTheOtherSideDeleted() { // T30, K2, G5
        append("Gone");
        git.commit("gone");
        store.status();
        git.git("branch", "side");
        git.git("revert", "--no-edit", "HEAD");
        append("Mine");
        git.commit("mine");
        git.git("checkout", "-q", "side");
        git.git("commit", "-q", "--allow-empty", "-m", "another commit than theirs");
        git.git("revert", "--no-edit", "HEAD~1");
        git.git("checkout", "-q", "main");
        GitClone.Ended merge = git.tryGit("merge", "--no-edit", "side");
        assertTrue(merge.said().contains("CONFLICT (rename/delete)"), merge.said());

        resolve("Base", "Mine");
        git.git("commit", "-q", "--no-edit");
        assertEquals(Set.of("Base", "Mine"), types());
    }

    @Test
    void T30_aFileThatGitWantsInADirectoryOfItsOwnChoice() throws IOException { // T30, K2, G5
        git.git("checkout", "-q", "-b", "side");
        append("Theirs");
        git.commit("theirs");
        git.git("checkout", "-q", "main");
        Path month = Objects.requireNonNull(fileOf("Base").getParent());
        git.git("mv", month.toString(), git.root().resolve("events/1999-01").toString());
        git.git("commit", "-q", "-m", "a directory is renamed");
        GitClone.Ended merge = git.tryGit("merge", "--no-edit", "side");
        assertTrue(merge.said().contains("CONFLICT (file location)"), merge.said());

        resolve("Base", "Theirs");
        git.git("commit", "-q", "--no-edit");
    }

    @Test
    void twoVersionsUnderOneNameBothStay() throws IOException { // G5, K4
        git.git("checkout", "-q", "-b", "side");
        append("Theirs");
        Path theirs = fileOf("Theirs");
        Path same = theirs.resolveSibling("same.jsonl");
        Files.move(theirs, same);
        git.commit("theirs");
        git.git("checkout", "-q", "main");
        store.refresh();
        append("Mine");
        Files.move(fileOf("Mine"), same);
        git.commit("mine");
        assertEquals(1, git.tryGit("merge", "--no-edit", "side").exit());

        ResolveReport report = resolve("Base", "Mine", "Theirs");
        assertEquals(2, report.files().size());
        assertTrue(report.files().get(0).matches("events/.*/same\\.[0-9a-f]{16}\\.jsonl"), report.toString());
        git.git("commit", "-q", "--no-edit");
        assertEquals("", git.git("status", "--porcelain"));
    }

    /** Git writes both sides into one file, since somebody has told it to. */
    private Path marked() throws IOException {
        Files.createDirectories(git.root().resolve(".git/info"));
        Files.writeString(git.root().resolve(".git/info/attributes"), "*.jsonl merge\n");
        Path same = fileOf("Base").resolveSibling("same.jsonl");
        git.git("checkout", "-q", "-b", "side");
        store.append(Append.to(A, ExpectedVersion.current(), one("Theirs"), one("TheirsToo")));
        Files.move(fileOf("Theirs"), same);
        git.commit("theirs");
        git.git("checkout", "-q", "main");
        store.refresh();
        store.append(Append.to(A, ExpectedVersion.current(), one("Mine"), one("TheirsToo")));
        Files.move(fileOf("Mine"), same);
        git.commit("mine");
        assertEquals(1, git.tryGit("merge", "--no-edit", "side").exit());
        assertTrue(Files.readString(same).contains("<<<<<<< "));
        Files.delete(git.root().resolve(".git/info/attributes"));
        return same;
    }

    @Test
    void T26_whatGitHasMixedIsTakenApart() throws IOException { // T26, G5
        marked();
        resolve("Base", "Mine", "Theirs", "TheirsToo");
        git.git("commit", "-q", "--no-edit");
        assertEquals(Set.of("Base", "Mine", "Theirs", "TheirsToo"), types());
    }

    @Test
    void T26_soItIsWhereSomebodyHasStagedTheMixture() throws IOException { // T26, G5
        marked();
        git.git("add", "-A");
        resolve("Base", "Mine", "Theirs", "TheirsToo");
        git.git("commit", "-q", "--no-edit");
        assertEquals(4, store.read(A).events().size() - 1);
    }

    @Test
    void T26_andWhereSomebodyHasCommittedIt() throws IOException { // T26, G5
        marked();
        git.git("add", "-A");
        git.git("commit", "-q", "--no-edit");
        resolve("Base", "Mine", "Theirs", "TheirsToo");
    }

    @Test
    void whatOnlyAPersonCanTellApartIsLeft() throws IOException { // G5
        Path same = marked();
        String mixture = Files.readString(same) + "and a line of somebody's own\n";
        Files.writeString(same, mixture);

        ResolveReport report = GitWorkTree.of(store).resolve();

        assertEquals(1, report.remaining().size());
        assertEquals(List.of(), report.files());
        assertEquals(mixture, Files.readString(same));
    }

    @Test
    void ownConflictsAreLeftToThePerson() throws IOException { // G5
        removedOnBothSides();
        note("mine");
        git.commit("my note");
        git.git("checkout", "-q", "side");
        note("theirs");
        git.commit("their note");
        Files.writeString(git.root().resolve("notes.txt"), "changed and not committed\n");
        git.git("checkout", "-q", "--", "notes.txt");
        store.refresh();
        assertEquals(1, git.tryGit("rebase", "main").exit());
        List<String> said = new ArrayList<>();
        for (int k = 0; k < 9 && Files.exists(git.root().resolve(".git/rebase-merge")); k++) {
            ResolveReport report = GitWorkTree.of(store).resolve();
            assertEquals("git rebase --continue", report.next());
            if (!report.remaining().isEmpty()) {
                said.addAll(report.remaining());
                assertTrue(Files.readString(git.root().resolve("notes.txt")).contains("<<<<<<<"));
                note("both");
                git.git("add", "notes.txt");
            }
            git.tryGit("-c", "core.editor=true", "rebase", "--continue");
        }
        assertEquals(List.of("notes.txt"), said);
        assertEquals(Set.of("Base", "Mine", "Theirs"), types());
        assertEquals(List.of(), store.status().findings());
    }

    @Test
    void theFrozenFilesAreAsTheyAlwaysAre() throws IOException { // G5, T31
        Path ignore = git.root().resolve("events/.gitignore");
        git.git("checkout", "-q", "-b", "side");
        Files.writeString(ignore, "theirs\n");
        git.commit("theirs");
        git.git("checkout", "-q", "main");
        Files.writeString(ignore, "mine\n");
        git.commit("mine");
        assertEquals(1, git.tryGit("merge", "--no-edit", "side").exit());
        assertEquals(List.of("events/.gitignore"), resolve("Base").files());
        assertEquals("!*.jsonl\n", Files.readString(ignore));
    }

    @Test
    void whereNothingIsInConflictNothingIsDone() { // G5
        append("Mine");
        String before = git.git("status", "--porcelain");
        assertEquals(List.of(), GitWorkTree.of(store).resolve().files());
        assertEquals(before, git.git("status", "--porcelain"));
    }
}
