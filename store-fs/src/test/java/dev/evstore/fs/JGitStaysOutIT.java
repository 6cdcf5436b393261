package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process loads and leaves behind. Needs the git program. */
class JGitStaysOutIT {

    @TempDir
    Path directory;

    @Test
    void appendReadAndFeedLoadNoJGitWhileGitStandsStill() throws Exception { // L3
        Path root = GitClone.withStore(directory.resolve("repository"), "").root();
        assertTrue(loads(root, "append"), "the first append asks git");
        assertFalse(loads(root, "append"));
        assertTrue(loads(root, "status"));
        assertFalse(loads(root, "append"));
    }

    @Test
    void askingGitWritesNothingIntoTheHomeAndLeavesGitAsItWas() throws Exception { // L3
        Path root = GitClone.withStore(directory.resolve("repository"), "").root();
        assertTrue(loads(root, "append"));
        assertTrue(loads(root, "status"));
        try (Stream<Path> left = Files.walk(directory.resolve("home"))) {
            assertEquals(0, left.filter(Files::isRegularFile).count());
        }
        try (Stream<Path> inGit = Files.walk(root.resolve(".git"))) {
            assertEquals(
                    0,
                    inGit.filter(file -> file.getFileName().toString().startsWith(".probe"))
                            .count());
        }
    }

    /** Runs a process of its own; tells whether it loaded JGit. */
    private boolean loads(Path root, String what) throws IOException, InterruptedException {
        Path log = directory.resolve("classes");
        Path home = Files.createDirectories(directory.resolve("home"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load:file=" + log,
                        "-XX:TieredStopAtLevel=1",
                        "-Duser.home=" + home,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        root.toString(),
                        what)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return Files.readString(log).contains("org.eclipse.jgit");
    }

    /** What an application does. */
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) {
            StreamId a = StreamId.of("a");
            try (FileEventStore store = FileEventStore.open(Path.of(arguments[0]))) {
                store.append(a, ExpectedVersion.current(), NewEvent.of("T", "1"));
                store.read(a);
                store.readFeed(FeedCursor.beginning(), EventFilter.all(), 10);
                if (arguments[1].equals("status")) {
                    store.status();
                }
            }
        }
    }
}
