package dev.evstore.core.projection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a projection with tables has to say of itself, and which statements are taken. */
class SqlProjectionTest {

    private static final String ITEM = "CREATE TABLE item(key TEXT PRIMARY KEY, n INTEGER)";

    private static SqlProjectionBuilder items() {
        return SqlProjection.named("items")
                .version(1)
                .perStream()
                .table(ITEM)
                .onType("Seen", (tables, event) -> tables.update("DELETE FROM item"));
    }

    private static void reset(SqlTables tables, String key) {
        tables.update("DELETE FROM item WHERE key = ?", key);
    }

    @Test
    void o3_whatBecomesOfALateEventIsSaidInOneWay() {
        String said = String.valueOf(assertThrows(IllegalArgumentException.class, () -> items().build())
                .getMessage());
        assertTrue(said.contains("items needs one of reset(…), rebuildsOnLate() and order(ARRIVAL)"), said);
        assertThrows(
                IllegalArgumentException.class,
                () -> items().reset(SqlProjectionTest::reset)
                        .order(Order.ARRIVAL)
                        .build());
        assertThrows(
                IllegalArgumentException.class,
                () -> items().rebuildsOnLate().reset(SqlProjectionTest::reset).build());
        assertThrows(
                IllegalArgumentException.class,
                () -> items().reset(SqlProjectionTest::reset).reset(SqlProjectionTest::reset));
        assertEquals(
                Order.CANONICAL, items().reset(SqlProjectionTest::reset).build().order());
        assertEquals(Order.CANONICAL, items().rebuildsOnLate().build().order());
        assertEquals(Order.ARRIVAL, items().order(Order.ARRIVAL).build().order());
    }

    @Test
    void itHandlesSomething() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Projection.named("items")
                        .version(1)
                        .single()
                        .table(ITEM)
                        .rebuildsOnLate()
                        .build());
    }

    @Test
    void s9_tablesAndWhatBecomesOfThemAreInTheFingerprint() {
        Set<String> fingerprints = new HashSet<>(List.of(
                items().rebuildsOnLate().build().fingerprint(null),
                items().order(Order.ARRIVAL).build().fingerprint(null),
                items().reset(SqlProjectionTest::reset).build().fingerprint(null),
                items().index("CREATE INDEX item_n ON item(n)")
                        .rebuildsOnLate()
                        .build()
                        .fingerprint(null)));
        assertEquals(4, fingerprints.size());
        assertEquals(
                items().rebuildsOnLate().build().fingerprint(null),
                items().rebuildsOnLate().build().fingerprint(null));
        assertNotEquals(
                Projection.named("items")
                        .version(1)
                        .perStream()
                        .initially(() -> "")
                        .onType("Seen", (state, event) -> state)
                        .build()
                        .fingerprint(null),
                items().rebuildsOnLate().build().fingerprint(null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COMMIT",
                "/* x */ COMMIT",
                "-- x\nCOMMIT",
                "BEGIN",
                "SAVEPOINT a",
                "RELEASE evstore_work",
                "ROLLBACK",
                "PRAGMA synchronous = 0",
                "ATTACH 'x' AS y",
                "VACUUM",
                "DROP TABLE item",
                "ALTER TABLE item ADD COLUMN x",
                "CREATE TEMP TABLE t(x)",
                "EXPLAIN SELECT 1",
                "",
                "INSERTED",
                "DELETE FROM item; COMMIT",
                "INSERT OR ROLLBACK INTO item VALUES(1, 2)",
                "UPDATE evstore_meta SET fence = 0",
                "DELETE FROM \"Evstore_Row\"",
                "DELETE FROM [EVSTORE_ROW]",
                "WITH x AS (SELECT 1) DELETE FROM main.'evstore_row'",
                "INSERT INTO item SELECT * FROM evstore_row"
            })
    void s1_noStatementEndsTheTransactionOrReachesTheHostsTables(String sql) {
        assertThrows(IllegalArgumentException.class, () -> SqlText.checkChange(sql));
        assertThrows(IllegalArgumentException.class, () -> SqlText.checkQuery(sql));
        assertThrows(IllegalArgumentException.class, () -> items().table(sql));
        assertThrows(IllegalArgumentException.class, () -> items().index(sql));
    }

    @Test
    void statementsOfTheirKindAreTaken() {
        SqlText.checkChange(" insert into item values(?, ?) ON CONFLICT DO NOTHING");
        SqlText.checkChange("REPLACE INTO item VALUES(?, ?)");
        SqlText.checkChange("WITH a AS (SELECT 1) UPDATE item SET n = 2");
        SqlText.checkQuery("\nSELECT n FROM item");
        SqlText.checkQuery("VALUES(1)");
        assertThrows(IllegalArgumentException.class, () -> SqlText.checkQuery("DELETE FROM item"));
        assertThrows(IllegalArgumentException.class, () -> SqlText.checkChange("SELECT 1"));
        assertThrows(IllegalArgumentException.class, () -> items().table("CREATE INDEX i ON item(n)"));
        assertThrows(IllegalArgumentException.class, () -> items().index("CREATE TABLE t(x)"));
    }

    @Test
    void aRowGivesItsColumnsAsWhatTheyAre() {
        Map<String, Object> values = new HashMap<>(Map.of("n", 3L, "x", 0.5, "t", "text", "b", new byte[] {1}));
        values.put("nothing", null);
        SqlRow row = new SqlRow(values);
        assertEquals(3, row.integer("n"));
        assertEquals(3.0, row.real("n"));
        assertEquals(0.5, row.real("x"));
        assertEquals("text", row.text("t"));
        assertArrayEquals(new byte[] {1}, row.bytes("b"));
        assertTrue(row.isNull("nothing"));
        assertThrows(IllegalArgumentException.class, () -> row.text("nothing"));
        assertThrows(IllegalArgumentException.class, () -> row.integer("x"));
        assertThrows(IllegalArgumentException.class, () -> row.isNull("other"));
    }

    @Test
    void outsideAHostItHasNoTables() {
        SqlProjection items = items().reset(SqlProjectionTest::reset).build();
        assertThrows(IllegalStateException.class, () -> items.initial("a"));
        assertThrows(IllegalStateException.class, () -> items.reset("a"));
    }
}
