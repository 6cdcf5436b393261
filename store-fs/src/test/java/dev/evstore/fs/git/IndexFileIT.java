package dev.evstore.fs.git;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.fs.GitClone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adding entries to git's index, held against the git program (rule G1, T67). */
final class IndexFileIT {

    @TempDir
    private Path directory;

    private GitClone git;
    private Path index;

    @BeforeEach
    void aRepository() throws IOException {
        git = new GitClone(directory);
        git.git("init", "-q", "-b", "main");
        index = directory.resolve(".git/index");
        for (String name :
                List.of("a", "e", "events-not", "events.txt", "m/deep/er/file", "zz", "z/" + "n".repeat(240))) {
            write(name, "content of " + name);
        }
        git.commit("files of the user");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void T67_everyOtherEntryKeepsItsFlagsAndItsPlace(int version) throws IOException { // G1, T67
        write("intended", "x");
        write("staged", "x");
        git.git("add", "-N", "intended");
        git.git("add", "staged");
        git.git("update-index", "--assume-unchanged", "a");
        git.git("update-index", "--skip-worktree", "e");
        git.git("update-index", "--index-version", String.valueOf(version));
        inConflict("conflict");
        List<String> before = entries();
        List<String> flags = lines(git.git("ls-files", "-v", "-s"));

        List<String> added = List.of(
                "0",
                "events/.gitattributes",
                "events/2026-11/b.jsonl",
                "events/2026-11/a.jsonl",
                "zzz",
                "store/" + "p".repeat(5000) + "/x.jsonl");
        stage(added);

        List<String> expected = new ArrayList<>(before);
        for (String path : added) {
            expected.add("100644 " + blob() + " 0\t" + path);
        }
        assertEquals(new TreeSet<>(expected), new TreeSet<>(entries()));
        assertEquals(expected.size(), entries().size());
        List<String> after = lines(git.git("ls-files", "-v", "-s"));
        assertTrue(after.containsAll(flags), after.toString());
        git.git("fsck", "--no-dangling");
        assertEquals("", git.git("diff-files", "--name-only", "--", "events", "0", "zzz"));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void addedOneByOneInAnyOrderTheyAreWhatGitMakesOfThem(int version) throws IOException { // G1
        git.git("update-index", "--index-version", String.valueOf(version));
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            paths.add("events/2026-" + (i * 7 % 12) + "/" + "x".repeat(i * 37 % 50) + i + ".jsonl");
        }
        for (String path : paths) {
            stage(List.of(path));
        }
        List<String> ours = entries();
        git.git("rm", "-q", "--cached", "-r", "events");
        for (String path : paths) {
            git.git("update-index", "--add", "--cacheinfo", "100644," + blob() + "," + path);
        }
        assertEquals(entries(), ours);
    }

    @Test
    void treesThatDoNotChangeStayRemembered() throws IOException { // G1
        git.git("write-tree");
        stage(List.of("events/2026-11/a.jsonl", "m/deep/new.jsonl"));
        String tree = git.git("write-tree").strip();
        Files.delete(index);
        git.git("read-tree", tree);
        assertEquals(tree, git.git("write-tree").strip());
        assertTrue(git.git("ls-tree", "-r", "--name-only", tree).contains("m/deep/new.jsonl"));
        stage(List.of("events/2026-11/b.jsonl")); // now TREE is whole
        assertTrue(Files.size(index) > 0);
        String again = git.git("write-tree").strip();
        assertTrue(git.git("ls-tree", "-r", "--name-only", again).contains("events/2026-11/b.jsonl"));
        assertEquals("", git.git("diff-index", "--cached", "--name-only", again));
    }

    @Test
    void whatStandsThereAlreadyStaysByteForByte() throws IOException { // G1
        write("events/x.jsonl", "e");
        git.git("add", "events");
        byte[] before = Files.readAllBytes(index);
        stage(List.of("events/x.jsonl"));
        assertArrayEquals(before, Files.readAllBytes(index));
    }

    @Test
    void anIndexThatIsNotThereIsMade() throws IOException { // G1: the first commit of all
        Files.delete(index);
        stage(List.of("events/x.jsonl"));
        assertEquals(List.of("100644 " + blob() + " 0\tevents/x.jsonl"), entries());
    }

    @Test
    void aChangeInTheSameTickAsTheIndexIsStillSeenByGit() throws IOException { // G1
        write("a", "11111111");
        git.git("add", "a");
        var time = Files.getLastModifiedTime(directory.resolve("a"));
        write("a", "22222222");
        Files.setLastModifiedTime(directory.resolve("a"), time);
        Files.setLastModifiedTime(index, time);
        stage(List.of("events/x.jsonl"));
        assertTrue(git.git("status", "--porcelain").contains("AM a")
                || git.git("diff", "--name-only").contains("a"));
    }

    @Test
    void kindsThatCannotBeWrittenAreRefusedWithTheWayOut() throws IOException { // G4
        git.git("update-index", "--split-index");
        IndexFile.UnknownKindException split =
                assertThrows(IndexFile.UnknownKindException.class, () -> IndexFile.read(index));
        assertTrue(split.remedy().contains("--no-split-index"));
        git.git("update-index", "--no-split-index");
        IndexFile.read(index);
        git.git("sparse-checkout", "set", "--cone", "--sparse-index", "m");
        IndexFile.UnknownKindException sparse =
                assertThrows(IndexFile.UnknownKindException.class, () -> IndexFile.read(index));
        assertTrue(sparse.remedy().contains("git sparse-checkout disable"));
    }

    @Test
    void aDamagedIndexIsNotWrittenOn() throws IOException { // G4
        byte[] bytes = Files.readAllBytes(index);
        for (int i = 0; i < bytes.length; i += 7) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 0x10;
            Files.write(index, damaged);
            assertThrows(IOException.class, () -> IndexFile.read(index), "byte " + i);
        }
        for (int length = 0; length < bytes.length; length += 13) {
            Files.write(index, java.util.Arrays.copyOf(bytes, length));
            assertThrows(IOException.class, () -> IndexFile.read(index), "length " + length);
        }
    }

    @Test
    void anIndexWithoutAChecksumIsReadAndStaysOne() throws IOException { // G1: index.skipHash
        byte[] bytes = Files.readAllBytes(index);
        java.util.Arrays.fill(bytes, bytes.length - 20, bytes.length, (byte) 0);
        Files.write(index, bytes);
        stage(List.of("events/x.jsonl"));
        byte[] after = Files.readAllBytes(index);
        assertArrayEquals(new byte[20], java.util.Arrays.copyOfRange(after, after.length - 20, after.length));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void aConflictIsReplacedAndEveryOtherEntryStays(int version) throws IOException { // G1
        write("intended", "x");
        git.git("add", "-N", "intended");
        git.git("update-index", "--index-version", String.valueOf(version));
        List<String> expected = new ArrayList<>(entries());
        git.git("write-tree");
        inConflict("events/x.jsonl");
        inConflict("m/deep/conflict");
        Files.write(
                index,
                IndexFile.read(index)
                        .with(
                                List.of(StagedFile.unseen("events/x.jsonl", ObjectId.fromString(blob()))),
                                Set.of("events/x.jsonl", "m/deep/conflict")));
        expected.add("100644 " + blob() + " 0\tevents/x.jsonl");
        assertEquals(new TreeSet<>(expected), new TreeSet<>(entries()));
        git.git("rm", "-q", "--cached", "intended");
        String tree = git.git("write-tree").strip();
        assertEquals("", git.git("diff-index", "--cached", "--name-only", tree));
    }

    private void inConflict(String path) throws IOException {
        StringBuilder input = new StringBuilder();
        for (int stage = 1; stage <= 3; stage++) {
            write("stage", "stage " + stage);
            input.append("100644 ")
                    .append(git.git("hash-object", "-w", "stage").strip())
                    .append(' ')
                    .append(stage)
                    .append('\t')
                    .append(path)
                    .append('\n');
        }
        Files.delete(directory.resolve("stage"));
        write("input", input.toString());
        git.git("config", "alias.fromfile", "!git update-index --index-info < input");
        git.git("fromfile");
        Files.delete(directory.resolve("input"));
    }

    private void stage(List<String> paths) throws IOException {
        List<StagedFile> files = new ArrayList<>();
        for (String path : paths) {
            Path file = directory.resolve(path.length() > 4000 ? "long" : path);
            write(directory.relativize(file).toString(), "e");
            files.add(StagedFile.of(path, ObjectId.fromString(blob()), file));
        }
        byte[] after = IndexFile.read(index).with(files);
        var time = Files.exists(index) ? Files.getLastModifiedTime(index) : null;
        Files.write(index, after);
        if (time != null) {
            Files.setLastModifiedTime(index, time);
        }
    }

    private String blob() throws IOException {
        write("blob", "e");
        String id = git.git("hash-object", "-w", "blob").strip();
        Files.delete(directory.resolve("blob"));
        return id;
    }

    private void write(String path, String content) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private List<String> entries() {
        return lines(git.git("ls-files", "-s"));
    }

    private static List<String> lines(String text) {
        return text.lines().collect(Collectors.toList());
    }
}
