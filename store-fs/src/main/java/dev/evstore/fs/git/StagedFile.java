package dev.evstore.fs.git;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * A file as git's index notes it: whose blob, and how it stands on the disk, so that git need not read it again.
 * Immutable.
 *
 * @param path from the working tree's root, with {@code /}
 * @param disk times, device, inode, owner and size, cut to 32 bits each, as the index has them
 */
record StagedFile(String path, ObjectId id, Disk disk) {

    private static final boolean UNIX =
            Path.of("").getFileSystem().supportedFileAttributeViews().contains("unix");

    /** How a file stands on the disk; where the system does not tell, zeros, which git finds out of date. */
    record Disk(FileTime changed, FileTime modified, long device, long inode, long user, long group, long size) {}

    /** The file as it stands there now. */
    static StagedFile of(String path, ObjectId id, Path file) throws IOException {
        Map<String, Object> all = Files.readAttributes(
                file,
                UNIX ? "unix:size,lastModifiedTime,ctime,dev,ino,uid,gid" : "size,lastModifiedTime",
                LinkOption.NOFOLLOW_LINKS);
        FileTime modified = all.get("lastModifiedTime") instanceof FileTime time ? time : FileTime.fromMillis(0);
        return new StagedFile(
                path,
                id,
                new Disk(
                        all.get("ctime") instanceof FileTime time ? time : FileTime.fromMillis(0),
                        modified,
                        number(all.get("dev")),
                        number(all.get("ino")),
                        number(all.get("uid")),
                        number(all.get("gid")),
                        number(all.get("size"))));
    }

    /** A file whose stamps are not known: git looks at it once and notes them. */
    static StagedFile unseen(String path, ObjectId id) {
        FileTime never = FileTime.fromMillis(0);
        return new StagedFile(path, id, new Disk(never, never, 0, 0, 0, 0, 0));
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    byte[] name() {
        return path.getBytes(StandardCharsets.UTF_8);
    }

    /** Writes all but the flags and the name. */
    void put(ByteBuffer entry) {
        put(entry, disk.changed());
        put(entry, disk.modified());
        entry.putInt((int) disk.device()).putInt((int) disk.inode());
        entry.putInt(FileMode.REGULAR_FILE.getBits());
        entry.putInt((int) disk.user()).putInt((int) disk.group()).putInt((int) disk.size());
        byte[] raw = new byte[20];
        id.copyRawTo(raw, 0);
        entry.put(raw);
    }

    private static void put(ByteBuffer entry, FileTime time) {
        long seconds = time.to(TimeUnit.SECONDS);
        entry.putInt((int) seconds).putInt((int) (time.to(TimeUnit.NANOSECONDS) - TimeUnit.SECONDS.toNanos(seconds)));
    }
}
