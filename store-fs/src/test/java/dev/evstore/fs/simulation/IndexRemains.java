package dev.evstore.fs.simulation;

import dev.evstore.fs.index.IndexException;
import dev.evstore.fs.index.Sql;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What a stop leaves of the index databases. SQLite writes them itself, past the simulated disk, so they are kept as
 * they were at that moment: closing the store, which has to be done so that its files can be opened anew, would write
 * more.
 *
 * <p>A power cut may end the write-ahead log anywhere behind its last synced commit. That is the last one that moved how
 * far the index says it is durable (rule P4), or that ended its building: nothing else is synced, and closing or a
 * checkpoint leaves no log to cut.
 */
final class IndexRemains {

    private static final String LOG = "-wal";

    private final Path local;
    private final Map<String, byte[]> files = new TreeMap<>();

    private IndexRemains(Path local) {
        this.local = local;
    }

    static IndexRemains of(Path local) throws IOException {
        IndexRemains remains = new IndexRemains(local);
        try (DirectoryStream<Path> all = Files.newDirectoryStream(local, "index-*.db*")) {
            for (Path file : all) {
                String name = String.valueOf(file.getFileName());
                if (!name.endsWith("-shm")) { // shared memory, which is gone
                    remains.files.put(name, Files.readAllBytes(file));
                }
            }
        }
        return remains;
    }

    /**
     * Takes back some of what was not synced.
     *
     * @param scratch where databases may be tried
     * @return whether what is left of the live index may be none at all: no number of it was ever given away
     */
    boolean cutPower(Random random, Path scratch) throws IOException {
        boolean lost = false;
        for (String log :
                files.keySet().stream().filter(name -> name.endsWith(LOG)).toList()) {
            String database = log.substring(0, log.length() - LOG.length());
            byte[] whole = files.getOrDefault(log, new byte[0]);
            byte[] some = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            String durable = durable(scratch, database, whole);
            if (durable(scratch, database, some).equals(durable) || durable.isEmpty()) {
                files.put(log, some);
            }
            boolean first = database.endsWith("-1.db"); // the others were whole when they were named
            lost |= first && (durable.startsWith("0 0 ") || durable.isEmpty());
        }
        return lost;
    }

    /** How far the index says that it is durable, and whether it is being built; empty if it says nothing. */
    private String durable(Path scratch, String database, byte[] log) throws IOException {
        Path directory = Files.createTempDirectory(scratch, "cut");
        Path file = directory.resolve(database);
        byte[] pages = files.get(database);
        if (pages != null) {
            Files.write(file, pages);
        }
        Files.write(directory.resolve(database + LOG), log);
        try (Sql sql = Sql.open(file)) {
            return sql.number(0, "SELECT durable_a FROM state") + " " + sql.number(0, "SELECT durable_r FROM state")
                    + (sql.exists("SELECT 1 FROM sqlite_master WHERE name = 'building'") ? " building" : " built");
        } catch (IndexException e) {
            return ""; // its tables are not there yet
        } finally {
            Trees.remove(directory);
        }
    }

    /** Puts it back, when the store is closed. */
    void putBack() throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(local, "index-*.db*")) {
            for (Path file : all) {
                Files.delete(file);
            }
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(local.resolve(file.getKey()), file.getValue());
        }
    }
}
