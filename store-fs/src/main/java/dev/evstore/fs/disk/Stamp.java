package dev.evstore.fs.disk;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the file system tells of a file or directory without reading it; compared for equality only. Immutable.
 *
 * @param kind what it is; a link is never followed
 * @param size in bytes
 * @param modified nanoseconds since 1970 of the last change of the content
 * @param identity change time and inode where the system has them, else creation time and file key
 */
public record Stamp(Kind kind, long size, long modified, String identity) {

    /** What stands there. */
    public enum Kind {
        FILE,
        DIRECTORY,
        /** A link, a FIFO, a device. */
        OTHER
    }

    /** How near to "now" a change may be and yet be told from one that comes after: the coarsest clock's two seconds. */
    private static final long COARSE = TimeUnit.SECONDS.toNanos(2);

    /** Where times have a fraction of a second, the kernel's tick decides; ticks are 10 ms at the most. */
    private static final long FINE = TimeUnit.MILLISECONDS.toNanos(50);

    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    /** What stands at {@code path}, or null if nothing does. */
    public static @Nullable Stamp of(Path path) throws IOException {
        try {
            return UNIX ? unix(path) : basic(path);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Whether this stamp was settled at the moment {@code now}: a change after it would have given another one. */
    public boolean settledAt(long now) {
        long margin = modified % TimeUnit.SECONDS.toNanos(1) == 0 ? COARSE : FINE;
        return modified < now - margin;
    }

    /** As text, for the index. */
    public String encoded() {
        return kind + " " + size + " " + modified + " " + identity;
    }

    private static Stamp unix(Path path) throws IOException {
        Map<String, Object> all = Files.readAttributes(
                path, "unix:isRegularFile,isDirectory,size,lastModifiedTime,ctime,ino", LinkOption.NOFOLLOW_LINKS);
        return new Stamp(
                kind(Boolean.TRUE.equals(all.get("isRegularFile")), Boolean.TRUE.equals(all.get("isDirectory"))),
                all.get("size") instanceof Long size ? size : 0,
                nanos(all.get("lastModifiedTime")),
                nanos(all.get("ctime")) + "-" + all.get("ino"));
    }

    private static Stamp basic(Path path) throws IOException {
        BasicFileAttributes all = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return new Stamp(
                kind(all.isRegularFile(), all.isDirectory()),
                all.size(),
                nanos(all.lastModifiedTime()),
                nanos(all.creationTime()) + "-" + all.fileKey());
    }

    private static Kind kind(boolean file, boolean directory) {
        return file ? Kind.FILE : directory ? Kind.DIRECTORY : Kind.OTHER;
    }

    private static long nanos(@Nullable Object time) {
        return time instanceof FileTime known ? known.to(TimeUnit.NANOSECONDS) : 0;
    }
}
