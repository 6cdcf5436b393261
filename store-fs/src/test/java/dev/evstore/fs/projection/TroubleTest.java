package dev.evstore.fs.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.evstore.core.StoreUnusableException;
import dev.evstore.fs.index.IndexException;
import dev.evstore.fs.index.Sql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What people are told of trouble (rules R3, R7). */
class TroubleTest {

    @TempDir
    Path directory;

    /** What SQLite throws when its database may not grow. */
    private IndexException full() {
        try (Sql sql = Sql.open(directory.resolve("full.db"))) {
            sql.execute("CREATE TABLE IF NOT EXISTS some(thing BLOB)");
            sql.execute("PRAGMA max_page_count = 2");
            return assertThrows(IndexException.class, () -> sql.update("INSERT INTO some VALUES(zeroblob(100000))"));
        }
    }

    @Test
    void r3_aFullDiskIsCalledThat() { // R3
        assertEquals("the disk is full", Trouble.said(full()));
        assertEquals(
                "its state can't be written: the disk is full", Trouble.said(new WriteCycle.WriteException(full())));
    }

    @Test
    void r3_whatSqliteRefusesIsSaidInItsWords() { // R3
        try (Sql sql = Sql.open(directory.resolve("some.db"))) {
            IndexException refused = assertThrows(IndexException.class, () -> sql.execute("DROP TABLE nowhere"));
            assertEquals(
                    "[SQLITE_ERROR] SQL error or missing database (no such table: nowhere)", Trouble.said(refused));
        }
    }

    @ParameterizedTest
    @MethodSource("others")
    void r3_ofOtherTroubleItIsSaidWhatAndWhere(String said, Exception trouble) { // R3
        assertEquals(said, Trouble.said(trouble));
    }

    static Stream<Arguments> others() {
        IOException missing = new NoSuchFileException("a/file");
        return Stream.of(
                Arguments.of(
                        "A file can't be read: a/file",
                        new StoreUnusableException("A file can't be read.", "a/file", "wait", null)),
                Arguments.of("NoSuchFileException: a/file", missing),
                Arguments.of("NoSuchFileException: a/file", new UncheckedIOException(missing)),
                Arguments.of(
                        "its state can't be written: gone",
                        new WriteCycle.WriteException(new StateLostException("gone"))),
                Arguments.of("IllegalStateException", new IllegalStateException("of secret 7")));
    }
}
