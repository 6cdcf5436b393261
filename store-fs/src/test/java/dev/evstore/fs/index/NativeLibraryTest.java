package dev.evstore.fs.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {

    @TempDir
    Path directory;

    private Path library() throws IOException {
        Path unpacked = NativeLibrary.unpacked(directory.resolve("cache")).orElseThrow();
        try (Stream<Path> files = Files.list(unpacked)) {
            List<Path> all = files.toList();
            assertEquals(1, all.size(), "the library and nothing else: " + all);
            return all.get(0);
        }
    }

    @Test
    void itIsUnpackedOnceAndPrivate() throws IOException { // L1
        Path library = library();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(library.getParent())));
        Files.setLastModifiedTime(library, FileTime.fromMillis(1_000));
        assertEquals(FileTime.fromMillis(1_000), Files.getLastModifiedTime(library()), "not written again");
    }

    @Test
    void whatIsNotTheLibraryIsReplacedByIt() throws IOException { // L1
        Path library = library();
        byte[] right = Files.readAllBytes(library);
        byte[] wrong = right.clone();
        wrong[wrong.length / 2] ^= 1;
        for (byte[] planted : List.of(wrong, new byte[0])) {
            Files.write(library, planted);
            assertArrayEquals(right, Files.readAllBytes(library()));
        }
        Path elsewhere = Files.write(directory.resolve("elsewhere"), right);
        Files.delete(library);
        Files.createSymbolicLink(library, elsewhere);
        assertTrue(Files.isRegularFile(library(), LinkOption.NOFOLLOW_LINKS), "a link is not followed");
    }

    @Test
    void aDirectoryThatOthersCanWriteToIsNotUsed() throws IOException { // L1
        Path unpacked = library().getParent();
        Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertEquals(Optional.empty(), NativeLibrary.unpacked(directory.resolve("cache")));
    }

    @Test
    void aLinkInPlaceOfTheDirectoryIsNotUsed() throws IOException { // L1
        Path unpacked = library().getParent();
        Path elsewhere = directory.resolve("elsewhere");
        Files.move(unpacked, elsewhere);
        Files.createSymbolicLink(unpacked, elsewhere);
        assertEquals(Optional.empty(), NativeLibrary.unpacked(directory.resolve("cache")));
    }

    @Test
    void whereTheCacheCanNotBeMadeTheDriverLooksElsewhere() throws IOException {
        Files.write(directory.resolve("cache"), new byte[0]);
        assertEquals(Optional.empty(), NativeLibrary.unpacked(directory.resolve("cache")));
    }

    @Test
    void severalMayUnpackItAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Optional<Path>> unpack = () -> NativeLibrary.unpacked(directory.resolve("cache"));
            List<Path> all = new ArrayList<>();
            for (Future<Optional<Path>> one : threads.invokeAll(List.of(unpack, unpack, unpack, unpack))) {
                all.add(one.get().orElseThrow());
            }
            assertEquals(1, all.stream().distinct().count());
            library();
        } finally {
            threads.shutdownNow();
        }
    }

    /** Opens a database, and is killed before it could clean up. */
    static final class Opens {
        private Opens() {}

        public static void main(String[] arguments) {
            try (Sql sql = Sql.open(Path.of(arguments[0]))) {
                sql.execute("CREATE TABLE IF NOT EXISTS a(b)");
                Runtime.getRuntime().halt(7);
            }
        }
    }

    @Test
    void aKilledProcessLeavesNoCopyBehind() throws Exception { // L1
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        for (int start = 0; start < 2; start++) {
            ProcessBuilder java = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-Djava.io.tmpdir=" + temporary,
                            "-cp",
                            System.getProperty("java.class.path"),
                            Opens.class.getName(),
                            directory.resolve("a.db").toString())
                    .inheritIO();
            java.environment().putAll(Map.of("XDG_CACHE_HOME", directory.toString()));
            assertEquals(7, java.start().waitFor());
        }
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(
                    List.of(),
                    left.filter(path -> path.getFileName().toString().startsWith("sqlite"))
                            .toList());
        }
        try (Stream<Path> kept = Files.list(directory.resolve("evstore"))) {
            assertEquals(1, kept.count());
        }
    }
}
