package dev.evstore.fs;

import static dev.evstore.fs.Counting.CODEC;

import dev.evstore.core.AppendResult;
import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.codec.Decoded;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.fs.index.Sql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** What hosts keep of projections, seen and spoiled from outside. */
final class KeptState {

    private KeptState() {}

    /** The directory of a projection. */
    static Path directory(Path store, String projection) {
        try (Stream<Path> all = Files.list(Local.of(store).resolve("projections"))) {
            return all.filter(path -> path.getFileName().toString().matches(projection + "-[0-9a-f]+"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The files of a projection whose names end so. */
    static List<Path> files(Path store, String projection, String suffix) {
        try (Stream<Path> all = Files.list(directory(store, projection))) {
            return all.filter(path -> path.toString().endsWith(suffix)).sorted().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The database that the only small file of its kind names. */
    static Path database(Path store, String projection, String pointer) {
        List<Path> pointers = files(store, projection, pointer);
        if (pointers.size() != 1) {
            throw new AssertionError(pointers.toString());
        }
        try {
            return pointers.get(0)
                    .resolveSibling(Files.readString(pointers.get(0)).strip());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** From now on a database refuses a statement: {@code UPDATE OF write ON evstore_meta WHEN …}. */
    static void refuse(Path database, String statement) {
        try (Sql sql = Sql.openExisting(database)) {
            sql.execute(
                    "CREATE TRIGGER refused BEFORE " + statement + " BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END");
        }
    }

    static void allow(Path database) {
        try (Sql sql = Sql.openExisting(database)) {
            sql.execute("DROP TRIGGER refused");
        }
    }

    /** Each stream's amounts one after the other, as the events in canonical order say. */
    static Map<String, String> trails(FileEventStore store) {
        Map<String, String> trails = new TreeMap<>();
        for (StoredEvent event : store.readAll(ReadAllOptions.forwards())) {
            Decoded.Known<Counting.Added> known = (Decoded.Known<Counting.Added>) CODEC.decode(event);
            trails.merge(event.stream().value(), "," + known.value().cents(), String::concat);
        }
        return trails;
    }

    /** The file of a transaction that is not folded or packed. */
    static Path loose(Path store, AppendResult appended) {
        try (Stream<Path> files = Files.walk(store.resolve("events"))) {
            return files.filter(file -> file.getFileName().toString().equals(appended.transaction() + ".jsonl"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Changes bytes of a file where a text stands. */
    static void damage(Path file, String text, String other) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String all = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = all.indexOf(text);
        if (at < 0 || text.length() != other.length()) {
            throw new AssertionError(text + " at " + at);
        }
        System.arraycopy(other.getBytes(StandardCharsets.ISO_8859_1), 0, bytes, at, other.length());
        Files.write(file, bytes);
    }

    /** Waits for what has to come. */
    static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not come");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
