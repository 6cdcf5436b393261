package dev.evstore.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A look into the index of an open store, for tests of what can't be seen from outside. */
final class IndexRows {

    private IndexRows() {}

    /** The first column of the first row, -1 if there is none. */
    static long number(Path store, String query) throws IOException {
        String name = Files.readString(Local.of(store).resolve("current")).strip();
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + Local.of(store).resolve(name));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getLong(1) : -1;
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** Looks until every stamp is so old that a later change gives another: from then on what has not changed is skipped. */
    static void refreshUntilSettled(FileEventStore store, Path directory) throws IOException {
        do {
            store.refresh();
        } while (number(directory, "SELECT count(*) FROM dir WHERE settled = 0") > 0);
    }
}
