package dev.evstore.fs.projection;

import dev.evstore.core.StoreUnusableException;
import dev.evstore.fs.index.IndexException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The state of one projection that is to be read: its own version's if that has ever been complete, else the last other
 * one that was (rule S8). Looks at the small files each time, so that what another host writes is read, too. Thread-safe.
 */
final class Served implements AutoCloseable {

    private final StateFiles files;
    /** Null if any version will do. */
    private final @Nullable String version;

    private final Consumer<String> damaged;

    private @Nullable StateDatabase open;

    /**
     * @param damaged is told the name of a database that can't be served any more (rule S10)
     */
    Served(StateFiles files, @Nullable String version, Consumer<String> damaged) {
        this.files = files;
        this.version = version;
        this.damaged = damaged;
    }

    /**
     * What is served.
     *
     * @param stale whether it is frozen: another state is being built, or another version wrote it
     * @param own whether the asked for version wrote it
     */
    record State(StateDatabase database, Meta meta, boolean stale, boolean own) {}

    /** Reads at one moment; gives null if nothing is served, or what is there is damaged. */
    synchronized <T> @Nullable T read(Function<State, @Nullable T> use) {
        while (true) {
            try {
                return readOnce(use);
            } catch (GoneException e) {
                // another host has put another database in its place: that is named now
            }
        }
    }

    /** A database was removed between its name and its opening. */
    private static final class GoneException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        GoneException(Throwable cause) {
            super(cause);
        }
    }

    private <T> @Nullable T readOnce(Function<State, @Nullable T> use) {
        try {
            String other = version == null ? files.last() : version;
            if (other == null) {
                return null;
            }
            boolean own = true;
            Path file = files.current(other);
            boolean building = files.building(other) != null;
            String last = files.last();
            if (file == null && last != null) {
                file = files.current(last);
                own = false;
            }
            if (file == null) {
                return null;
            }
            return read(file, building || !own, own, use);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> @Nullable T read(Path file, boolean stale, boolean own, Function<State, @Nullable T> use) {
        boolean healthy = false;
        try {
            StateDatabase database = database(file);
            database.beginReading();
            try {
                T result = use.apply(new State(database, database.meta(), stale, own));
                healthy = true;
                return result;
            } finally {
                database.endReading();
            }
        } catch (DamagedStateException e) {
            damaged.accept(file.getFileName().toString());
            return null;
        } catch (IndexException e) {
            if (e.isCorrupt()) {
                damaged.accept(file.getFileName().toString());
                return null;
            }
            if (!Files.exists(file)) {
                throw new GoneException(e);
            }
            throw new StoreUnusableException(
                    "A projection's state can't be read.",
                    file + " (" + e.getMessage() + ")",
                    "look at the permissions and the free space there",
                    e);
        } finally {
            if (!healthy) {
                close();
            }
        }
    }

    private StateDatabase database(Path file) {
        StateDatabase known = open;
        if (known != null && known.file().equals(file)) {
            return known;
        }
        close();
        known = StateDatabase.open(file);
        known.readOnly();
        open = known;
        return known;
    }

    @Override
    public synchronized void close() {
        StateDatabase known = open;
        open = null;
        if (known != null) {
            known.close();
        }
    }
}
