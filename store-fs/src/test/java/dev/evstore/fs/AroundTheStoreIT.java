package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.Finding;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What in git works against a store is a finding as long as it is so (rule G8). Needs git. */
class AroundTheStoreIT {

    @TempDir
    Path directory;

    private GitClone git;
    private FileEventStore store;

    @BeforeEach
    void aStoreBelowTheRoot() {
        git = GitClone.withStore(directory.resolve("repository"), "data/store");
        store = FileEventStore.open(git.root().resolve("data/store"));
        append();
        git.commit("event");
        assertEquals(List.of(), findings());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void append() {
        store.append(StreamId.of("a"), ExpectedVersion.current(), NewEvent.of("T", "1"));
    }

    private List<Finding> findings() {
        return store.status().findings();
    }

    private Finding only(Finding.Code code) {
        List<Finding> findings = findings();
        assertEquals(1, findings.size(), findings::toString);
        assertEquals(code, findings.get(0).code());
        assertEquals(findings, findings(), "and so at the next look");
        return findings.get(0);
    }

    private void write(String path, String text) throws IOException {
        Path file = git.root().resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String month() throws IOException {
        return month(git.root().resolve("data/store"));
    }

    @Test
    void attributesThatOnlyThisCloneHas() throws IOException { // G8, T31
        write(".git/info/attributes", "*.jsonl text=auto\n");
        List<Finding> found = findings();
        assertEquals(2, found.size(), found::toString);
        assertEquals("data/store/events: text is auto", found.get(0).where());
        write(".git/info/attributes", "*.txt text=auto\n");
        assertEquals(List.of(), findings());
    }

    @Test
    void T64_attributesOfAPeerBelowTheStore() throws IOException { // G8, T64
        write("data/store/events/" + month() + "/.gitattributes", "*.jsonl filter=lfs\n");
        assertTrue(findings().stream()
                .anyMatch(finding -> finding.code() == Finding.Code.GIT_RULES
                        && finding.where().endsWith(": filter is lfs")));
    }

    @Test
    void attributesOfTheUserAboveItDoNoHarm() throws IOException { // G8, T31
        write(".gitattributes", "* text=auto eol=crlf ident\n*.jsonl filter=lfs\n");
        write(".gitignore", "*.jsonl\n");
        git.git("config", "core.autocrlf", "true");
        assertEquals(List.of(), findings());
    }

    @Test
    void anIgnoredDirectoryAboveIt() throws IOException { // G8, T31
        write(".gitignore", "# what is built\ndata/\n");
        List<Finding> found = findings();
        assertTrue(
                found.get(0).where().startsWith(".gitignore, line 2: data/ matches data/store/events"),
                found.toString());
        assertTrue(found.stream().allMatch(finding -> finding.code() == Finding.Code.GIT_RULES));
    }

    @Test
    void T58_theLocalDirectoryIsInGit() { // G8, T58
        git.git("add", "-f", "data/store/.evstore/.gitignore");
        Finding tracked = only(Finding.Code.LOCAL_TRACKED);
        assertEquals("git rm -r -q --cached data/store/.evstore, and commit that", tracked.remedy());
        git.git("rm", "-r", "-q", "--cached", "data/store/.evstore");
        assertEquals(List.of(), findings());
    }

    @Test
    void T72_aDirectoryAboveTheStoreWasRenamedOnOneSide() throws IOException { // G8, T72
        git.git("config", "merge.directoryRenames", "false");
        git.git("checkout", "-q", "-b", "side");
        append();
        git.commit("another");
        git.git("checkout", "-q", "main");
        git.git("mv", "data/store/events", "data/kept");
        store.close();
        Files.createDirectories(git.root().resolve("info/store"));
        git.git("mv", "data/kept", "info/store/events");
        git.git("commit", "-q", "-m", "renamed");
        git.git("merge", "-q", "--no-edit", "side");
        store = FileEventStore.open(git.root().resolve("info/store"));

        Finding left = only(Finding.Code.EVENTS_ELSEWHERE);

        assertTrue(
                left.where().startsWith("data/store/events/" + month(git.root().resolve("info/store")) + "/"),
                left.toString());
        git.git("mv", left.where(), left.where().replace("data/", "info/"));
        git.git("commit", "-q", "-m", "and the rest");
        assertEquals(List.of(), findings());
        assertEquals(2, store.status().events());
    }

    private static String month(Path store) throws IOException {
        try (var all = Files.list(store.resolve("events"))) {
            return all.filter(Files::isDirectory)
                    .findFirst()
                    .orElseThrow()
                    .getFileName()
                    .toString();
        }
    }

    @Test
    void anotherStoreInTheSameRepositoryIsNone() { // G8
        try (FileEventStore other = FileEventStore.create(git.root().resolve("other"))) {
            other.append(StreamId.of("a"), ExpectedVersion.current(), NewEvent.of("T", "1"));
            git.commit("another store");
            assertEquals(List.of(), findings());
            assertEquals(List.of(), other.status().findings());
        }
    }
}
