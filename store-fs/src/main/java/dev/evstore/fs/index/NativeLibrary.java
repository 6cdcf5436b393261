package dev.evstore.fs.index;

import dev.evstore.fs.layout.UserDirectories;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * SQLite's native library, unpacked once to the user's cache directory and kept there (rule L1). The driver alone would
 * unpack a copy at each start, into a directory that everybody writes to, and leave it behind in a process that is killed.
 *
 * <p>What is loaded is the user's own file in a directory that nobody else can write to, so nobody else's file is ever
 * loaded; a checksum says whether it is whole. Where there can be no such directory, the driver does what it does alone.
 */
final class NativeLibrary {

    /** With it somebody says where the library is, or where it may be unpacked. */
    private static final Set<String> SAID_BY_THE_USER = Set.of("org.sqlite.lib.path", "org.sqlite.tmpdir");

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OTHERS_WRITE = PosixFilePermissions.fromString("----w--w-");

    private NativeLibrary() {}

    /** Loaded with the first connection, once. */
    private static final class Loading {
        static final boolean DONE = load();

        private static boolean load() {
            if (SAID_BY_THE_USER.stream().anyMatch(name -> System.getProperty(name) != null)) {
                return false;
            }
            Optional<Path> directory = unpacked(UserDirectories.cache(System.getenv()));
            directory.ifPresent(Loading::loadFrom);
            return directory.isPresent();
        }

        /** The property is for this driver alone: another version of it in the same process has another library. */
        private static void loadFrom(Path directory) {
            System.setProperty("org.sqlite.lib.path", directory.toString());
            try {
                SQLiteJDBCLoader.initialize();
            } catch (Exception e) {
                return; // the driver tries once more with the first connection, and says what is wrong
            } finally {
                System.clearProperty("org.sqlite.lib.path");
            }
        }
    }

    /** Loads it, if it is not loaded; tells whether it lies in the user's cache directory. */
    static boolean load() {
        return Loading.DONE;
    }

    /**
     * The directory that holds it, unpacked now or by another process at any time.
     *
     * @return empty if it can't be held there safely
     */
    static Optional<Path> unpacked(Path cache) {
        Path directory = cache.resolve("sqlite-" + SQLiteJDBCLoader.getVersion() + "-" + platform());
        try {
            URL packed = SQLiteJDBCLoader.class.getResource(
                    LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName());
            if (packed == null) {
                return Optional.empty();
            }
            makePrivate(directory);
            if (!isOwn(directory)) {
                return Optional.empty();
            }
            Path file = directory.resolve(LibraryLoaderUtil.getNativeLibName());
            Sum sum = Sum.of(packed);
            return holds(file, sum) || unpack(packed, file, sum) ? Optional.of(directory) : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty(); // no home, a full disk, a read-only one: the driver looks for another place
        }
    }

    private static String platform() {
        String path = LibraryLoaderUtil.getNativeLibResourcePath();
        return path.substring(path.indexOf("native/") + "native/".length()).replace('/', '-');
    }

    /** Of a file's bytes. It tells a damaged one; it need not tell a forged one. */
    private record Sum(long size, long crc) {

        /** From the archive's list of contents where there is one: to unpack it only to compare would cost most of a start. */
        static Sum of(URL packed) throws IOException {
            if (packed.openConnection() instanceof JarURLConnection jar) {
                JarEntry entry = jar.getJarEntry();
                if (entry.getSize() >= 0 && entry.getCrc() >= 0) {
                    return new Sum(entry.getSize(), entry.getCrc());
                }
            }
            try (InputStream in = packed.openStream()) {
                return of(in.readAllBytes());
            }
        }

        static Sum of(byte[] bytes) {
            CRC32 crc = new CRC32();
            crc.update(bytes);
            return new Sum(bytes.length, crc.getValue());
        }
    }

    private static void makePrivate(Path directory) throws IOException {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (isPosix(directory.getFileSystem().supportedFileAttributeViews())) {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
        } else {
            Files.createDirectories(directory);
        }
    }

    private static boolean isPosix(Set<String> views) {
        return views.contains("posix");
    }

    /** A directory that is this user's and that nobody else can write to, so that what lies in it is this user's, too. */
    private static boolean isOwn(Path directory) throws IOException {
        PosixFileAttributeView posix =
                Files.getFileAttributeView(directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (posix == null) {
            return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS); // the user's profile keeps others out
        }
        PosixFileAttributes attributes = posix.readAttributes();
        try {
            return attributes.isDirectory()
                    && OTHERS_WRITE.stream().noneMatch(attributes.permissions()::contains)
                    && attributes
                            .owner()
                            .equals(directory
                                    .getFileSystem()
                                    .getUserPrincipalLookupService()
                                    .lookupPrincipalByName(System.getProperty("user.name", "")));
        } catch (UserPrincipalNotFoundException e) {
            return false; // a user without a name, as in some containers
        }
    }

    private static boolean holds(Path file, Sum sum) throws IOException {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.size(file) == sum.size()
                    && Sum.of(Files.readAllBytes(file)).equals(sum);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Two processes may do so at once: the bytes are the same, and the name is given to the whole. */
    private static boolean unpack(URL packed, Path file, Sum sum) throws IOException {
        Path draft = file.resolveSibling(UUID.randomUUID() + ".tmp");
        try (InputStream in = packed.openStream()) {
            Files.copy(in, draft);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (FileSystemException e) {
            // Windows does not replace what another process has loaded.
            return holds(file, sum);
        } finally {
            Files.deleteIfExists(draft);
        }
        return holds(file, sum);
    }
}
