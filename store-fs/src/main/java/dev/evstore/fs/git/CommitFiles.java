package dev.evstore.fs.git;

import dev.evstore.core.format.Limits;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.worktree.GitDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;

/** Writes the event files that a commit has elsewhere, one after the other, as a reader of the store would take them. */
public final class CommitFiles {

    /** Names that mean the same to every file system; others get a number, for names mean nothing to readers. */
    private static final Pattern PLAIN =
            Pattern.compile("(?:[a-z0-9][a-z0-9._-]{0,199}/){0,9}[a-z0-9][a-z0-9._-]{0,199}");

    private final ObjectReader reader;
    private final EventTrees trees;
    private final Path events;
    private int numbered;

    private CommitFiles(ObjectReader reader, Path events) {
        this.reader = reader;
        this.trees = new EventTrees(reader);
        this.events = events;
    }

    /**
     * Writes them.
     *
     * @param commit a branch, tag or commit, as git names it
     * @param events an empty directory
     * @throws dev.evstore.core.GitRefusedException there is no such commit, or it has no store where this one is, or its
     *     files are not here
     */
    public static void write(GitDirectory git, StoreLayout layout, String commit, Path events) {
        try (GitRepository repository = GitRepository.open(git, layout, GitProgram.find())) {
            ObjectId tree = repository.tree(Commits.named(repository, commit));
            repository.asking(() -> {
                try (ObjectReader reader = repository.reader()) {
                    CommitFiles files = new CommitFiles(reader, events);
                    EventTrees.Entry store = tree == null ? null : files.trees.find(tree, repository.prefix());
                    if (store == null || !store.directory()) {
                        throw Refusals.refusal(
                                "That commit has no store in this place.",
                                commit + ":" + repository.prefix() + " in " + repository.where(),
                                "git log -- " + repository.prefix() + " lists the commits that have it");
                    }
                    files.write(store.id());
                    return true;
                }
            });
        }
    }

    private record Directory(String path, ObjectId tree) {}

    private void write(ObjectId top) throws IOException {
        Deque<Directory> waiting = new ArrayDeque<>();
        waiting.add(new Directory("", top));
        while (!waiting.isEmpty()) {
            Directory at = waiting.remove();
            for (Map.Entry<String, EventTrees.Entry> one :
                    trees.entries(at.tree()).entrySet()) {
                String path = at.path().isEmpty() ? one.getKey() : at.path() + "/" + one.getKey();
                EventTrees.Entry entry = one.getValue();
                if (one.getKey().startsWith(".")) {
                    continue; // as readers do
                }
                if (entry.directory()) {
                    waiting.add(new Directory(path, entry.id()));
                } else if (entry.file() && StoreLayout.isEventFile(one.getKey())) {
                    write(path, entry.id());
                }
            }
        }
    }

    private void write(String path, ObjectId blob) throws IOException {
        Path file = PLAIN.matcher(path).matches() ? events.resolve(path) : numbered();
        if (Files.exists(file)) {
            file = numbered(); // the file system takes two names for one
        }
        Path directory = file.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        ObjectLoader loader = reader.open(blob, Constants.OBJ_BLOB);
        if (loader.getSize() > Limits.FILE) {
            reserve(file, loader.getSize());
            return;
        }
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            loader.copyTo(out);
        }
    }

    private Path numbered() {
        return events.resolve("other/" + ++numbered + StoreLayout.EVENT_FILE_SUFFIX);
    }

    /** A file of that size, which is all that a reader looks at. */
    private static void reserve(Path file, long size) throws IOException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        try (RandomAccessFile empty = new RandomAccessFile(file.toFile(), "rw")) {
            empty.setLength(size);
        }
    }
}
