package dev.evstore.fs;

import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.codec.Decoded;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.projection.Order;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.SqlProjection;
import dev.evstore.core.projection.SqlProjectionBuilder;
import dev.evstore.core.projection.SqlTables;
import dev.evstore.fs.Counting.Added;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Projections with tables: what was added to each account, line by line, in which every change of order shows, and sums. */
final class Ledgers {

    /** A statement that joins both tables. */
    static final String LINES =
            "SELECT account, n, cents, total FROM line JOIN account USING(account) ORDER BY account, n";

    private Ledgers() {}

    /** Without a handler yet. */
    static SqlProjectionBuilder tables(int version) {
        return Projection.named("ledger")
                .version(version)
                .perStream()
                .table(
                        "CREATE TABLE line(account TEXT NOT NULL, n INTEGER NOT NULL, cents INTEGER NOT NULL CHECK (cents"
                                + " >= 0), PRIMARY KEY(account, n)) WITHOUT ROWID")
                .table("CREATE TABLE account(account TEXT PRIMARY KEY, total INTEGER NOT NULL) WITHOUT ROWID")
                .index("CREATE INDEX line_cents ON line(cents)");
    }

    /** Not told yet what becomes of a late event. */
    static SqlProjectionBuilder ledger(int version) {
        return tables(version).on(Added.class, (tables, added, event) -> add(tables, added.cents()));
    }

    static SqlProjection resetting() {
        return ledger(1).reset(Ledgers::reset).build();
    }

    static SqlProjection arriving() {
        return ledger(1).order(Order.ARRIVAL).build();
    }

    static SqlProjection rebuilding() {
        return ledger(1).rebuildsOnLate().build();
    }

    static void reset(SqlTables tables, String account) {
        tables.update("DELETE FROM line WHERE account = ?", account);
        tables.update("DELETE FROM account WHERE account = ?", account);
    }

    /** What the ledger holds goes first: so a statement that is refused after it has something to take back. */
    static void add(SqlTables tables, long cents) {
        tables.update(
                "INSERT INTO account VALUES(?, ?) ON CONFLICT DO UPDATE SET total = total + excluded.total",
                tables.key(),
                cents);
        long lines = tables.query("SELECT count(*) AS lines FROM line WHERE account = ?", tables.key())
                .get(0)
                .integer("lines");
        tables.update("INSERT INTO line VALUES(?, ?, ?)", tables.key(), lines + 1, cents);
    }

    /** What is served. */
    static List<String> lines(ProjectionHost host, SqlProjection ledger) {
        return host.query(
                        ledger,
                        LINES,
                        row -> line(row.text("account"), row.integer("n"), row.integer("cents"), row.integer("total")))
                .orElseThrow()
                .rows();
    }

    /** What is to be served of all that can be seen now. */
    static List<String> fold(FileEventStore store) {
        Map<String, List<Long>> accounts = new TreeMap<>();
        for (StoredEvent event : store.readAll(ReadAllOptions.forwards())) {
            Added added = (Added) ((Decoded.Known<?>) Counting.CODEC.decode((RecordedEvent) event)).value();
            accounts.computeIfAbsent(event.stream().value(), account -> new ArrayList<>())
                    .add(added.cents());
        }
        List<String> lines = new ArrayList<>();
        accounts.forEach((account, amounts) -> {
            long total = amounts.stream().mapToLong(Long::longValue).sum();
            for (int i = 0; i < amounts.size(); i++) {
                lines.add(line(account, i + 1, amounts.get(i), total));
            }
        });
        return lines;
    }

    private static String line(String account, long n, long cents, long total) {
        return account + " " + n + ": " + cents + " of " + total;
    }
}
