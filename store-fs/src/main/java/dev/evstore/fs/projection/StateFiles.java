package dev.evstore.fs.projection;

import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.disk.StoreLock;
import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of one projection, by version (rule S8).
 *
 * <pre>
 * name                     the projection's name
 * memo.db                  results of its effects (rule E1)
 * last                     the version that was at work last, of those whose state is complete
 * &lt;version&gt;.current        the database that is served; complete
 * &lt;version&gt;.building       the one that is being built beside it, if one is
 * &lt;version&gt;.lock           held by the host at work (rule R10)
 * &lt;version&gt;-&lt;n&gt;.db         a database; a name is used once
 * </pre>
 *
 * A version is the start of the fingerprint's hash. The states of the last three that were complete are kept.
 */
final class StateFiles {

    private static final int KEPT = 3;
    private static final Pattern CURRENT = Pattern.compile("([0-9a-f]{16})\\.current");
    private static final Pattern LOCK = Pattern.compile("([0-9a-f]{16})\\.lock");
    private static final Pattern DATABASE = Pattern.compile("([0-9a-f]{16})-([0-9]{1,9})\\.db");

    private final StoreLayout layout;
    private final Disk disk;
    private final Path directory;

    StateFiles(StoreLayout layout, Disk disk, Path directory) {
        this.layout = layout;
        this.disk = disk;
        this.directory = directory;
    }

    static StateFiles of(StoreLayout layout, Disk disk, String projection) {
        return new StateFiles(layout, disk, layout.projection(projection));
    }

    /** The projections whose state is or was here. */
    static List<String> names(StoreLayout layout) throws IOException {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(layout.projections())) {
            try (Stream<Path> all = Files.list(layout.projections())) {
                for (Path directory : all.filter(Files::isDirectory).toList()) {
                    String name = read(directory.resolve("name"));
                    if (name != null && layout.projection(name).equals(directory)) {
                        names.add(name);
                    }
                }
            }
        }
        names.sort(Comparator.naturalOrder());
        return names;
    }

    static String version(String fingerprint) {
        return fingerprint.substring(0, 16);
    }

    void make(String name) throws IOException {
        if (!Files.exists(directory.resolve("name"))) {
            disk.createDirectories(directory);
            put("name", name);
        }
    }

    /** Results of effects, of whatever version. */
    Path memos() {
        return directory.resolve("memo.db");
    }

    Path lock(String version) {
        return directory.resolve(version + ".lock");
    }

    /** The database that a version serves, or null. */
    @Nullable
    Path current(String version) throws IOException {
        return named(version + ".current");
    }

    /** The database that a version builds, or null. */
    @Nullable
    Path building(String version) throws IOException {
        return named(version + ".building");
    }

    /** The version whose state was complete last, or null. */
    @Nullable
    String last() throws IOException {
        String last = read(directory.resolve("last"));
        return last != null && last.matches("[0-9a-f]{16}") ? last : null;
    }

    private @Nullable Path named(String pointer) throws IOException {
        String name = read(directory.resolve(pointer));
        if (name == null || !DATABASE.matcher(name).matches()) {
            return null;
        }
        Path file = directory.resolve(name);
        return Files.isRegularFile(file) ? file : null;
    }

    private static @Nullable String read(Path file) throws IOException {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** A file that no database ever was. */
    Path fresh(String version) throws IOException {
        int last = 0;
        try (Stream<Path> all = Files.list(directory)) {
            for (Path path : all.toList()) {
                var database = DATABASE.matcher(path.getFileName().toString().replaceFirst("-(wal|shm)$", ""));
                if (database.matches() && database.group(1).equals(version)) {
                    last = Math.max(last, Integer.parseInt(database.group(2)));
                }
            }
        }
        return directory.resolve(version + "-" + (last + 1) + ".db");
    }

    void startBuilding(String version, Path database) throws IOException {
        put(version + ".building", database.getFileName().toString());
    }

    /** What was built is served from now on. Between any two steps a crash leaves something that can be gone on with. */
    void serveBuilt(String version, Path database) throws IOException {
        put(version + ".current", database.getFileName().toString());
        disk.remove(directory.resolve(version + ".building"));
    }

    /** A version that is complete is at work: of those kept it is the last now, also if it has been here before. */
    void lead(String version) throws IOException {
        Path served = current(version);
        if (served != null && !version.equals(last())) {
            put(version + ".current", served.getFileName().toString()); // its time tells which versions were last
            put("last", version);
        }
    }

    /** The database that a version works on is not worked on any more: the one it builds, else the one it serves. */
    void abandon(String version) throws IOException {
        Path building = directory.resolve(version + ".building");
        disk.remove(Files.exists(building) ? building : directory.resolve(version + ".current"));
    }

    /** A database, of whatever version, is not served any more. */
    void setAside(String database) throws IOException {
        Matcher matcher = DATABASE.matcher(database);
        if (matcher.matches()) {
            String version = matcher.group(1);
            Path served = current(version);
            if (served != null && served.getFileName().toString().equals(database)) {
                disk.remove(directory.resolve(version + ".current"));
            }
        }
    }

    /** Whether somebody, in this process or another, holds the lock of a version. */
    boolean isWorkedOn(String version) throws IOException {
        try (StoreLock lock = StoreLock.open(lock(version))) {
            if (lock.tryAcquire()) {
                lock.release();
                return false;
            }
            return true;
        }
    }

    /** A version that somebody works on, or null. */
    @Nullable
    String workedOn() throws IOException {
        List<Path> all;
        try (Stream<Path> listed = Files.list(directory)) {
            all = listed.sorted().toList();
        } catch (NoSuchFileException e) {
            return null;
        }
        for (Path path : all) {
            Matcher lock = LOCK.matcher(path.getFileName().toString());
            if (lock.matches() && isWorkedOn(lock.group(1))) {
                return lock.group(1);
            }
        }
        return null;
    }

    /** Removes what nobody comes back to: databases without a name, and idle versions before the last three. */
    void clean(String own) throws IOException {
        List<String> kept = keptVersions(own);
        List<Path> all;
        try (Stream<Path> listed = Files.list(directory)) {
            all = listed.toList();
        }
        for (Path path : all) {
            String name = path.getFileName().toString();
            var current = CURRENT.matcher(name);
            if (current.matches() && !kept.contains(current.group(1))) {
                disk.remove(path);
            }
        }
        for (Path path : all) {
            String name = path.getFileName().toString();
            var database = DATABASE.matcher(name);
            if (database.matches() && (database.group(1).equals(own) || !kept.contains(database.group(1)))) {
                String version = database.group(1);
                if (!path.equals(current(version)) && !path.equals(building(version))) {
                    remove(path);
                }
            }
        }
    }

    /**
     * Removes everything but the locks, which a host that comes now may have open: its name first, so that what a crash
     * leaves of the rest is nobody's.
     *
     * @return false if somebody works on it: then nothing is removed
     */
    boolean forget() throws IOException {
        if (workedOn() != null) {
            return false;
        }
        disk.remove(directory.resolve("name"));
        List<Path> all;
        try (Stream<Path> listed = Files.list(directory)) {
            all = listed.toList();
        }
        for (Path path : all) {
            if (!LOCK.matcher(path.getFileName().toString()).matches()) {
                disk.remove(path);
            }
        }
        return true;
    }

    /** Removes a database and what SQLite has beside it. */
    void remove(Path database) throws IOException {
        for (String suffix : List.of("", "-wal", "-shm")) {
            disk.remove(database.resolveSibling(database.getFileName() + suffix));
        }
    }

    private List<String> keptVersions(String own) throws IOException {
        record Version(String version, FileTime since) {}
        List<Version> versions = new ArrayList<>();
        try (Stream<Path> all = Files.list(directory)) {
            for (Path path : all.toList()) {
                var current = CURRENT.matcher(path.getFileName().toString());
                if (current.matches()) {
                    versions.add(new Version(current.group(1), Files.getLastModifiedTime(path)));
                }
            }
        }
        List<String> kept = new ArrayList<>(List.of(own));
        versions.stream()
                .sorted(Comparator.comparing(Version::since).reversed())
                .map(Version::version)
                .filter(version -> !version.equals(own))
                .limit(KEPT - 1L)
                .forEach(kept::add);
        for (Version version : versions) {
            if (!kept.contains(version.version()) && isWorkedOn(version.version())) {
                kept.add(version.version());
            }
        }
        return kept;
    }

    private void put(String name, String text) throws IOException {
        disk.createDirectories(layout.temporary());
        disk.replace(layout.temporary(), directory.resolve(name), (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
