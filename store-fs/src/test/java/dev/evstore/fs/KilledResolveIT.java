package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.Finding;
import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.fs.git.Stopped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code evstore resolve} is killed between two steps, in a merge that stopped on event files in every way git knows, and its
 * user goes on with git. Needs the git program.
 */
class KilledResolveIT {

    /** What people type; that it fails is all right. */
    private static final List<List<String>> HABITS = List.of(
            List.of("status"),
            List.of("commit", "-q", "-a", "-m", "all"),
            List.of("add", "-A"),
            List.of("merge", "--continue"),
            List.of("merge", "--abort"),
            List.of("reset", "-q", "--hard"));

    private static final Set<String> ALL =
            Set.of("Base", "Mine", "Theirs", "MyPack", "TheirPack", "MyCopy", "TheirCopy");

    @TempDir
    Path directory;

    private GitClone git;

    /** One name with two contents, two mixed by git into one file, and two that git takes for one file renamed twice. */
    @BeforeEach
    void aMergeThatStopped() throws IOException {
        git = GitClone.withStore(directory.resolve("repository"), "");
        Committing.configure(git);
        append("Base");
        git.commit("base");
        append("Gone");
        git.commit("gone");
        git.git("branch", "side");
        git.git("revert", "--no-edit", "HEAD");
        String reverting = git.git("rev-parse", "HEAD").strip();
        wrote("Mine", "MyPack", "MyCopy");
        git.git("checkout", "-q", "side");
        git.git("commit", "-q", "--allow-empty", "-m", "another commit than theirs");
        git.git("cherry-pick", reverting);
        wrote("Theirs", "TheirPack", "TheirCopy");
        git.git("checkout", "-q", "main");
        Path told = git.root().resolve(".git/info/attributes");
        Files.createDirectories(told.resolveSibling("."));
        Files.writeString(told, "mixed.jsonl merge\n");
        String said = git.tryGit("merge", "--no-edit", "side").said();
        Files.delete(told);
        assertTrue(said.contains("CONFLICT (rename/rename)"), said);
        assertEquals(2, said.split("add/add", -1).length - 1, said);
    }

    private void append(String type) {
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, type);
        }
    }

    private static void append(FileEventStore store, String type) {
        String text = "{\"text\":\"" + "the same words in every event. ".repeat(40) + "\"}";
        store.append(StreamId.of("a"), ExpectedVersion.current(), NewEvent.of(type, text));
    }

    private void wrote(String loose, String same, String mixed) throws IOException {
        append(same);
        Files.move(fileOf(same), git.root().resolve("events/same.jsonl"));
        append(mixed);
        Files.move(fileOf(mixed), git.root().resolve("events/mixed.jsonl"));
        append(loose);
        git.commit(loose);
    }

    private Path fileOf(String type) throws IOException {
        try (Stream<Path> all = Files.walk(git.root().resolve("events"))) {
            for (Path file :
                    all.filter(one -> one.toString().endsWith(".jsonl")).toList()) {
                if (Files.readString(file).contains("\"type\":\"" + type + "\"")) {
                    return file;
                }
            }
        }
        throw new AssertionError(type);
    }

    @ParameterizedTest
    @CsvSource({
        "LOCKED, 1",
        "FILE_WRITTEN, 1",
        "FILE_WRITTEN, 2",
        "FILE_WRITTEN, 3",
        "FILE_WRITTEN, 4",
        "OBJECTS_WRITTEN, 1",
        "STAGED, 1"
    })
    void T66_nothingIsLostDoubledOrDeleted(Stopped.Step step, int time) throws Exception { // T66, G5
        KilledProcess.at(git.root(), step, time);
        for (List<String> habit : HABITS) {
            Path copy = directory.resolve(String.join("", habit).replace(' ', '-'));
            assertEquals(
                    0,
                    new ProcessBuilder("cp", "-a", git.root().toString(), copy.toString())
                            .start()
                            .waitFor());
            goesOn(new GitClone(copy), habit);
        }
    }

    private void goesOn(GitClone here, List<String> habit) {
        String what = habit + ": "
                + here.tryGit(Map.of("GIT_EDITOR", "true"), habit.toArray(String[]::new))
                        .said();
        try (FileEventStore store = FileEventStore.open(here.root())) {
            GitWorkTree tree = GitWorkTree.of(store);
            assertEquals(List.of(), tree.resolve().remaining(), what);
            if (Files.exists(here.root().resolve(".git/MERGE_HEAD"))) {
                here.git("commit", "-q", "--no-edit");
            }
            tree.commit(null);
            assertEquals(List.of(), tree.merge("side").missing(), what);
            assertEquals(ALL, types(store), what);
            assertEquals(List.of(), store.verify((done, all) -> {}), what);
            assertEquals(
                    List.of(),
                    store.status().findings().stream()
                            .filter(finding -> finding.code() != Finding.Code.LOCAL_RENEWED) // it is a copy
                            .toList(),
                    what);
            assertEquals(0, store.status().uncommitted(), what);
        }
        assertEquals("", here.git("status", "--porcelain", "-uall"), what);
        here.git("fsck", "--strict", "--no-dangling");
        Path clone = directory.resolve("clone-" + here.root().getFileName());
        here.git("clone", "-q", ".", clone.toString());
        try (FileEventStore store = FileEventStore.create(clone)) {
            assertEquals(ALL, types(store), what + ", in a clone");
        }
    }

    /** Each once. */
    private static Set<String> types(FileEventStore store) {
        store.refresh();
        List<String> types = new ArrayList<>();
        store.readAll(ReadAllOptions.forwards())
                .forEach(event -> types.add(((RecordedEvent) event).type().value()));
        assertEquals(types.size(), new TreeSet<>(types).size(), types.toString());
        return new TreeSet<>(types);
    }
}
