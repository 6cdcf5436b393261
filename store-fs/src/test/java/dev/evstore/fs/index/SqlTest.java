package dev.evstore.fs.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlTest {

    @TempDir
    Path directory;

    @Test
    void moreStatementsAreRunThanStayPrepared() {
        try (Sql sql = Sql.open(directory.resolve("a.db"))) {
            for (int round = 0; round < 2; round++) {
                for (int n = 0; n < 2_500; n++) {
                    assertEquals(n + round, sql.number(-1, "SELECT ? + " + n, round));
                }
            }
        }
    }

    @Test
    void aStatementIsToBlameForWhatAnotherWouldNotHaveMet() {
        try (Sql sql = Sql.open(directory.resolve("a.db"));
                Sql other = Sql.open(directory.resolve("a.db"))) {
            sql.execute("CREATE TABLE t(x INTEGER PRIMARY KEY CHECK (x > 0))");
            sql.update("INSERT INTO t VALUES(1)");
            assertTrue(refusal(sql, "INSERT INTO t VALUES(1)").isOfStatement(), "a constraint, with an extended code");
            assertTrue(refusal(sql, "INSERT INTO t VALUES(-1)").isOfStatement());
            assertTrue(refusal(sql, "INSERT INTO t VALUES('text')").isOfStatement(), "a mismatch");
            assertTrue(refusal(sql, "INSERT INTO nothing VALUES(1)").isOfStatement());
            assertTrue(refusal(sql, "SELECT x FROM t").isOfStatement(), "no change");
            other.execute("PRAGMA busy_timeout = 0");
            sql.execute("BEGIN IMMEDIATE");
            assertFalse(refusal(other, "INSERT INTO t VALUES(2)").isOfStatement(), "somebody else writes");
        }
    }

    private static IndexException refusal(Sql sql, String statement) {
        return assertThrows(IndexException.class, () -> sql.update(statement));
    }
}
