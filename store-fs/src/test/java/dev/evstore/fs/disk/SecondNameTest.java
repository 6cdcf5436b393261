package dev.evstore.fs.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file published under two names (rule L2). */
class SecondNameTest {

    private static final byte[] BYTES = "bytes\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private Path temporary;
    private Path target;
    private Path second;

    @BeforeEach
    void places() throws IOException {
        temporary = Files.createDirectories(directory.resolve("tmp"));
        target = Files.createDirectories(directory.resolve("events")).resolve("a");
        second = Files.createDirectories(directory.resolve("kept")).resolve("a");
    }

    @Test
    void bothNamesAreOneFile() throws IOException {
        new Disk().publish(temporary, target, second, BYTES, true);
        assertTrue(Files.isSameFile(target, second));
        assertArrayEquals(BYTES, Files.readAllBytes(second));
        assertNothingIsLeft();
    }

    @Test
    void aTakenNameLeavesNeither() throws IOException {
        Files.writeString(target, "other");
        assertThrows(
                FileAlreadyExistsException.class, () -> new Disk().publish(temporary, target, second, BYTES, true));
        assertEquals("other", Files.readString(target));
        assertFalse(Files.exists(second));
        assertNothingIsLeft();
    }

    @Test
    void aTakenSecondNameIsNotReplacedAndNothingIsPublished() throws IOException {
        Files.writeString(second, "other");
        assertThrows(
                FileAlreadyExistsException.class, () -> new Disk().publish(temporary, target, second, BYTES, false));
        assertEquals("other", Files.readString(second));
        assertFalse(Files.exists(target));
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(0, left.count());
        }
    }
}
