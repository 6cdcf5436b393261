package dev.evstore.core.projection;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which statements may be given to a projection's database. What they begin with says what they are; the host's own tables
 * are out of reach, since no statement that names them in any way is taken.
 */
public final class SqlText {

    /** What the names of the host's own tables begin with. */
    private static final String OWN = "evstore_";

    private static final Pattern CHANGE = begins("INSERT|REPLACE|UPDATE|DELETE|WITH");
    private static final Pattern QUERY = begins("SELECT|VALUES|WITH");
    private static final Pattern TABLE = begins("CREATE\\s+(VIRTUAL\\s+)?TABLE");
    private static final Pattern INDEX = begins("CREATE\\s+(UNIQUE\\s+)?INDEX");
    /** As in {@code INSERT OR ROLLBACK}: it would end the host's transaction. */
    private static final Pattern ROLLBACK = Pattern.compile("\\brollback\\b");

    private SqlText() {}

    private static Pattern begins(String with) {
        return Pattern.compile("\\s*(" + with + ")\\b", Pattern.CASE_INSENSITIVE);
    }

    /**
     * A statement that changes rows.
     *
     * @throws IllegalArgumentException it is none; so the others, too
     */
    public static void checkChange(String sql) {
        check(sql, CHANGE, "INSERT, REPLACE, UPDATE or DELETE");
    }

    /** A statement that reads. With {@code WITH} it may still change something, where the connection lets it. */
    public static void checkQuery(String sql) {
        check(sql, QUERY, "SELECT, VALUES or WITH");
    }

    static String table(String sql) {
        check(sql, TABLE, "CREATE TABLE");
        return sql.strip();
    }

    static String index(String sql) {
        check(sql, INDEX, "CREATE INDEX");
        return sql.strip();
    }

    private static void check(String sql, Pattern beginning, String what) {
        if (!beginning.matcher(sql).lookingAt()) {
            throw refused("it has to begin with " + what, sql);
        }
        if (sql.indexOf(';') >= 0) {
            throw refused("it is to be one statement, without ';', and have values as parameters", sql);
        }
        String folded = sql.toLowerCase(Locale.ROOT);
        if (folded.contains(OWN)) {
            throw refused("names with " + OWN + " are the host's", sql);
        }
        if (ROLLBACK.matcher(folded).find()) {
            throw refused("transactions are the host's", sql);
        }
    }

    private static IllegalArgumentException refused(String why, String sql) {
        return new IllegalArgumentException("refused: " + why + ": " + sql);
    }
}
