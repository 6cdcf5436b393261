package dev.evstore.fs.log;

import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Event files that are gone while git is between two steps (rule P6), kept until it is done, so that what stays visible
 * stays readable. Each is kept below a directory of its own and under its own path; the name of that place begins with
 * {@code /}, as that of no directory below {@code events/} does. Holds nothing; thread-safe.
 */
public final class Ghosts {

    private final StoreLayout layout;
    private final Disk disk;
    private final Supplier<Source> sources;

    /**
     * @param sources makes one for each look at the files that finds something gone
     */
    public Ghosts(StoreLayout layout, Disk disk, Supplier<Source> sources) {
        this.layout = layout;
        this.disk = disk;
        this.sources = sources;
    }

    /** Knows where the bytes of event files still are that are gone. */
    public interface Source extends AutoCloseable {
        /**
         * @param path relative to {@code events/}
         * @param wanted whether bytes that were once there are those that are missing
         * @return null if they are nowhere to be found
         */
        byte @Nullable [] find(String path, Predicate<byte[]> wanted) throws IOException;

        @Override
        void close();
    }

    /** Keeps what one look finds gone. To be closed; not thread-safe. */
    public Keeper keeper() {
        return new Keeper(sources.get());
    }

    /** Of one look. */
    public final class Keeper implements AutoCloseable {

        private final Source source;
        private final List<Path> kept = new ArrayList<>();

        private Keeper(Source source) {
            this.source = source;
        }

        /**
         * Keeps a file that is gone.
         *
         * @return the directory to read it from now on, or null if its bytes are nowhere to be found
         */
        public @Nullable String keep(String directory, String name, Predicate<byte[]> wanted) throws IOException {
            byte[] bytes = source.find(directory.isEmpty() ? name : directory + "/" + name, wanted);
            if (bytes == null) {
                return null;
            }
            String place = "/" + UUID.randomUUID() + (directory.isEmpty() ? "" : "/" + directory);
            Path file = new EventFiles(layout).path(place, name);
            kept.add(file);
            disk.put(file, bytes);
            return place;
        }

        /** Removes what this kept: the look that found it gone counts for nothing. */
        public void undo() throws IOException {
            for (Path file : kept) {
                disk.remove(file);
            }
        }

        @Override
        public void close() {
            source.close();
        }
    }

    /** Removes all of them: git is done, and nothing that is visible is read from them any more. */
    public void clear() throws IOException {
        disk.removeAll(layout.ghosts());
    }

    /** Whether that is where a ghost is kept, not a directory below {@code events/}. */
    static boolean isGhost(String directory) {
        return directory.startsWith("/");
    }

    /** The directory below {@code events/} that a file was in. */
    static String before(String directory) {
        if (!isGhost(directory)) {
            return directory;
        }
        int end = directory.indexOf('/', 1);
        return end < 0 ? "" : directory.substring(end + 1);
    }
}
