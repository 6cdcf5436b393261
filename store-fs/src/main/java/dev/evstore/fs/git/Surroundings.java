package dev.evstore.fs.git;

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
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;

/**
 * What in git's repository works against a store in it, without any event being wrong (rule G8). Changes nothing. Attributes and
 * ignore rules are asked of the git program; where it is not installed, they are not looked at.
 */
public final class Surroundings {

    /** The directories of event files whose attributes are looked at: a century of months. */
    private static final int MAX_DIRECTORIES = 1_200;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** What {@code events/.gitattributes} makes of every file there. */
    private static final Map<String, String> ATTRIBUTES = Map.of(
            "text", "unset",
            "merge", "unset",
            "filter", "unset",
            "ident", "unset",
            "eol", "unspecified",
            "working-tree-encoding", "unspecified");

    private static final Pattern MONTH = Pattern.compile("[0-9]{4}-[0-9]{2}");
    private static final Pattern EVENT_FILE = Pattern.compile(
            "(?:pack-)?[0-9a-f]{8}-[0-9a-f]{4}-[78][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}[.-].*jsonl");

    /** What there can be. */
    public enum Kind {
        /** Git may change the bytes of event files. */
        ATTRIBUTES,
        /** Git does not offer event files for adding. */
        IGNORED,
        /** The local directory is in git. */
        LOCAL_TRACKED,
        /** A commit holds event files where no store is. */
        ELSEWHERE
    }

    /**
     * One of them.
     *
     * @param where the file and rule, from the working tree's root
     */
    public record Oddity(Kind kind, String where) {}

    private final GitDirectory git;
    private final StoreLayout layout;
    private final Repository repository;
    private final String root;

    private Surroundings(GitDirectory git, StoreLayout layout, Repository repository) {
        this.git = git;
        this.layout = layout;
        this.repository = repository;
        String name = git.name(layout.root());
        this.root = name.isEmpty() ? "" : name + "/";
    }

    /** Looks, at all of it. */
    public static List<Oddity> look(GitDirectory git, StoreLayout layout) throws GitUnreadableException {
        try {
            return Unobtrusive.asking(() -> {
                try (Repository repository = new FileRepositoryBuilder()
                        .setGitDir(git.path().toFile())
                        .setWorkTree(git.workTree().toFile())
                        .setMustExist(true)
                        .build()) {
                    return new Surroundings(git, layout, repository).look();
                }
            });
        } catch (IOException | RuntimeException e) { // JGit tells of damage in many ways, unchecked ones among them
            throw new GitUnreadableException(e);
        }
    }

    private List<Oddity> look() throws IOException {
        List<Oddity> found = new ArrayList<>();
        Optional<GitProgram> program = GitProgram.find();
        if (program.isPresent()) {
            List<String> samples = samples();
            attributes(program.get(), samples, found);
            ignored(program.get(), samples, found);
        }
        localTracked(found);
        elsewhere(found);
        return found;
    }

    /** A file that could stand in each directory. */
    private List<String> samples() throws IOException {
        List<String> samples = new ArrayList<>(List.of(root + "events/sample.jsonl"));
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(layout.events())) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) && samples.size() < MAX_DIRECTORIES) {
                    samples.add(root + "events/" + entry.getFileName() + "/sample.jsonl");
                }
            }
        } catch (NoSuchFileException e) {
            return samples; // the whole store is not checked out
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return samples;
    }

    private void attributes(GitProgram program, List<String> samples, List<Oddity> found) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("check-attr", "-z", "--stdin"));
        arguments.addAll(ATTRIBUTES.keySet());
        List<String> told = asked(program, samples, arguments);
        for (int k = 0; k + 2 < told.size(); k += 3) {
            String expected = ATTRIBUTES.get(told.get(k + 1));
            if (expected != null && !expected.equals(told.get(k + 2))) {
                found.add(new Oddity(
                        Kind.ATTRIBUTES, directory(told.get(k)) + ": " + told.get(k + 1) + " is " + told.get(k + 2)));
            }
        }
    }

    /** What matches last counts, and ours that lets event files in is one of the rules. */
    private void ignored(GitProgram program, List<String> samples, List<Oddity> found) throws IOException {
        List<String> told = asked(program, samples, List.of("check-ignore", "-z", "-v", "--no-index", "--stdin"));
        for (int k = 0; k + 3 < told.size(); k += 4) {
            if (!told.get(k + 2).startsWith("!")) {
                found.add(new Oddity(
                        Kind.IGNORED,
                        told.get(k) + ", line " + told.get(k + 1) + ": " + told.get(k + 2) + " matches "
                                + directory(told.get(k + 3))));
            }
        }
    }

    private static String directory(String sample) {
        return sample.substring(0, sample.lastIndexOf('/'));
    }

    private List<String> asked(GitProgram program, List<String> samples, List<String> arguments) throws IOException {
        GitProgram.Ended ended = program.run(git.workTree(), LIMIT, arguments.toArray(String[]::new))
                .input((String.join("\0", samples) + "\0").getBytes(StandardCharsets.UTF_8))
                .end();
        if (ended.exit() > 1) {
            throw new IOException("git " + arguments.get(0) + ": " + Refusals.shortened(ended.errors()));
        }
        return Arrays.asList(new String(ended.output(), StandardCharsets.UTF_8).split("\0", -1));
    }

    private void localTracked(List<Oddity> found) throws IOException {
        try {
            DirCache index = DirCache.read(git.index().toFile(), repository.getFS());
            if (index.getEntriesWithin(root + ".evstore").length > 0) {
                found.add(new Oddity(Kind.LOCAL_TRACKED, root + ".evstore"));
            }
        } catch (CorruptObjectException e) {
            return; // so JGit calls an extension that it does not know
        }
    }

    private record Directory(String path, ObjectId tree) {}

    private void elsewhere(List<Oddity> found) throws IOException {
        ObjectId head = repository.resolve(Constants.HEAD);
        if (head == null) {
            return;
        }
        try (ObjectReader reader = repository.newObjectReader();
                RevWalk walk = new RevWalk(reader)) {
            Deque<Directory> waiting = new ArrayDeque<>();
            waiting.push(new Directory("", walk.parseCommit(head).getTree()));
            while (!waiting.isEmpty()) {
                Directory at = waiting.pop();
                CanonicalTreeParser entries = new CanonicalTreeParser(null, reader, at.tree());
                for (; !entries.eof(); entries.next(1)) {
                    if (entries.getEntryFileMode() == FileMode.TREE) {
                        String name = entries.getEntryPathString();
                        Directory below = new Directory(at.path() + name + "/", entries.getEntryObjectId());
                        if (!name.equals("events")) {
                            waiting.push(below);
                        } else if (!below.path().equals(root + "events/")) {
                            events(reader, below, waiting, found);
                        }
                    }
                }
            }
        }
    }

    /** A directory of event files without what every store has there is what a renaming left behind. */
    private static void events(ObjectReader reader, Directory events, Deque<Directory> waiting, List<Oddity> found)
            throws IOException {
        List<Directory> months = new ArrayList<>();
        CanonicalTreeParser entries = new CanonicalTreeParser(null, reader, events.tree());
        for (; !entries.eof(); entries.next(1)) {
            String name = entries.getEntryPathString();
            if (name.equals(".gitattributes") && entries.getEntryObjectId().equals(frozen())) {
                return; // another store
            }
            if (entries.getEntryFileMode() == FileMode.TREE) {
                Directory below = new Directory(events.path() + name + "/", entries.getEntryObjectId());
                (MONTH.matcher(name).matches() ? months : waiting).add(below);
            }
        }
        for (Directory month : months) {
            CanonicalTreeParser files = new CanonicalTreeParser(null, reader, month.tree());
            for (; !files.eof(); files.next(1)) {
                if (EVENT_FILE.matcher(files.getEntryPathString()).matches()) {
                    found.add(new Oddity(Kind.ELSEWHERE, month.path() + files.getEntryPathString()));
                    return;
                }
            }
        }
    }

    private static ObjectId frozen() {
        try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
            return formatter.idFor(Constants.OBJ_BLOB, StoreLayout.attributesBytes());
        }
    }
}
