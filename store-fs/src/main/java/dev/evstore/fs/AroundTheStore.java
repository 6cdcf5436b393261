package dev.evstore.fs;

import dev.evstore.core.Finding;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.disk.Stamp;
import dev.evstore.fs.git.GitUnreadableException;
import dev.evstore.fs.git.Surroundings;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.worktree.GitDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What in git works against the store, as findings (rule G8). Git is asked when a file has changed that it could depend on;
 * that nothing was odd is noted for the next process. Called with the store lock held.
 */
final class AroundTheStore {

    private final StoreLayout layout;
    private final Disk disk;
    private final GitDirectory git;
    private @Nullable String seen;
    private List<Finding> findings = List.of();

    AroundTheStore(StoreLayout layout, Disk disk, GitDirectory git) {
        this.layout = layout;
        this.disk = disk;
        this.git = git;
    }

    List<Finding> look() throws IOException {
        String state = state();
        if (!state.equals(seen)) {
            if (!state.equals(noted())) {
                findings = ask();
                if (findings.isEmpty()) {
                    disk.replace(layout.temporary(), layout.surroundings(), state.getBytes(StandardCharsets.UTF_8));
                }
            } else {
                findings = List.of();
            }
            seen = state;
        }
        return findings;
    }

    private List<Finding> ask() throws GitUnreadableException {
        return Surroundings.look(git, layout).stream().map(this::finding).toList();
    }

    private Finding finding(Surroundings.Oddity oddity) {
        return switch (oddity.kind()) {
            case ATTRIBUTES ->
                new Finding(
                        Finding.Code.GIT_RULES,
                        "Git's attributes override the store's, so git may change the bytes of event files.",
                        oddity.where(),
                        "take what sets it out of .git/info/attributes or the .gitattributes below events, then git checkout"
                                + " HEAD -- events");
            case IGNORED ->
                new Finding(
                        Finding.Code.GIT_RULES,
                        "An ignore rule keeps event files out of git add; evstore commit takes them all the same.",
                        oddity.where(),
                        "take the rule out, or name what is meant by it");
            case LOCAL_TRACKED ->
                new Finding(
                        Finding.Code.LOCAL_TRACKED,
                        "The local directory is in git, where it is of no use to others and changes all the time.",
                        oddity.where(),
                        "git rm -r -q --cached " + oddity.where() + ", and commit that");
            case ELSEWHERE ->
                new Finding(
                        Finding.Code.EVENTS_ELSEWHERE,
                        "The last commit has event files where no store is: a directory above the store was renamed.",
                        oddity.where(),
                        "git mv them to the same months below " + git.name(layout.root()) + "/events, and commit that");
        };
    }

    /** Of every file that the answer could depend on. */
    private String state() throws IOException {
        List<Path> files = new ArrayList<>(List.of(
                git.index(),
                git.head(),
                git.headLog(),
                git.common().resolve("info/attributes"),
                git.common().resolve("info/exclude"),
                git.common().resolve("config")));
        for (Path at = layout.events(); at != null && !at.equals(git.workTree().getParent()); at = at.getParent()) {
            addRules(at, files);
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(layout.events())) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    addRules(entry, files);
                }
            }
        } catch (NoSuchFileException e) {
            // nothing is checked out; status says so
            files.add(layout.events());
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        StringBuilder state = new StringBuilder();
        for (Path file : files) {
            Stamp stamp = Stamp.of(file);
            state.append(stamp == null ? "-" : stamp.encoded()).append('\n');
        }
        return state.toString();
    }

    private static void addRules(Path directory, List<Path> files) {
        files.add(directory.resolve(".gitattributes"));
        files.add(directory.resolve(".gitignore"));
    }

    private @Nullable String noted() throws IOException {
        try {
            return Files.readString(layout.surroundings(), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
