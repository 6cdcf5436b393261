package dev.evstore.fs.git;

import dev.evstore.fs.layout.StoreLayout;
import java.nio.charset.StandardCharsets;

/**
 * Git's paths are bytes, and not always UTF-8. Where trees are taken apart and put together again, a path stands as the
 * text that has one character for each of its bytes: nothing is lost, and texts compare as git's bytes do.
 */
final class RawPath {

    private RawPath() {}

    static String of(String path) {
        return new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    static byte[] bytes(String raw) {
        return raw.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What to call it to a person, and to the disk. */
    static String text(String raw) {
        return new String(bytes(raw), StandardCharsets.UTF_8);
    }

    static String join(String directory, String name) {
        return directory.isEmpty() ? name : directory + "/" + name;
    }

    /** Whether it is at or below a directory; everything is below the empty one. */
    static boolean isWithin(String path, String directory) {
        return directory.isEmpty() || path.equals(directory) || path.startsWith(directory + "/");
    }

    /** Whether a reader of the store takes the file: its name, and no directory from {@code events} on hidden by a dot. */
    static boolean isEventFile(String path, String events) {
        if (!path.startsWith(events + "/")) {
            return false;
        }
        String inside = path.substring(events.length());
        return StoreLayout.isEventFile(inside.substring(inside.lastIndexOf('/') + 1)) && !inside.contains("/.");
    }
}
