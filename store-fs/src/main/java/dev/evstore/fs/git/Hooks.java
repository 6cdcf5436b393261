package dev.evstore.fs.git;

import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Small programs that git runs after it has moved files, so that a store looks at them at once. Nothing depends on them: they
 * never fail, and a store looks by itself when it is used. A hook of the user's is never replaced, and where git looks for hooks
 * outside its own directory nothing is written.
 */
public final class Hooks {

    /** After a merge or pull, a checkout or switch, a rebase or amended commit. */
    private static final List<String> NAMES = List.of("post-merge", "post-checkout", "post-rewrite");

    private Hooks() {}

    /**
     * @param directory where git looks for hooks
     * @param installed those that are there now
     * @param left those that were not touched
     * @param line what a hook can run
     */
    public record Installed(Path directory, List<String> installed, List<String> left, String line) {}

    /** Writes those that are not there. */
    public static Installed install(GitRepository repository, StoreLayout layout) {
        return repository.asking(() -> {
            String line = line(repository.directory().name(layout.root()));
            String configured = repository.settings().getString("core", null, "hookspath");
            Path own = repository.directory().common().resolve("hooks");
            Path directory = configured == null ? own : expanded(repository, configured);
            byte[] script = script(line).getBytes(StandardCharsets.UTF_8);
            List<String> installed = new ArrayList<>();
            List<String> left = new ArrayList<>();
            for (String name : NAMES) {
                boolean there = own.equals(directory) && write(directory.resolve(name), script);
                (there ? installed : left).add(name);
            }
            return new Installed(directory, installed, left, line);
        });
    }

    private static Path expanded(GitRepository repository, String configured) {
        String path = configured.startsWith("~/")
                ? System.getProperty("user.home", "") + configured.substring(1)
                : configured;
        return repository.workTree().resolve(path).normalize();
    }

    /** Hooks run in the root of a working tree; where it has no store, as on another branch, there is nothing to do. */
    private static String line(String store) {
        String quoted = "'" + (store.isEmpty() ? "." : "./" + store).replace("'", "'\\''") + "'";
        return "[ ! -d " + quoted + "/.evstore ] || ! command -v evstore >/dev/null || evstore -C " + quoted
                + " status --quiet </dev/null >/dev/null 2>&1 || :";
    }

    private static String script(String line) {
        return "#!/bin/sh\n# evstore: looks at the event files that git has brought; never fails\n" + line + "\n";
    }

    /** Whether ours stands there; an existing file is not touched. */
    private static boolean write(Path hook, byte[] script) throws IOException {
        byte[] there = read(hook);
        if (there != null) {
            return Arrays.equals(there, script);
        }
        Path directory = hook.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Files.write(hook, script, StandardOpenOption.CREATE_NEW);
        if (Files.getFileStore(hook).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return true;
    }

    private static byte @Nullable [] read(Path hook) throws IOException {
        if (!Files.exists(hook, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        return Files.isRegularFile(hook) ? Files.readAllBytes(hook) : new byte[0];
    }
}
