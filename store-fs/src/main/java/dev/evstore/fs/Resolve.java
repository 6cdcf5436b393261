package dev.evstore.fs;

import dev.evstore.core.Finding;
import dev.evstore.core.GitRefusedException;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.disk.Stamp;
import dev.evstore.fs.git.GitRepository;
import dev.evstore.fs.git.Stopped;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.worktree.GitDirectory;
import dev.evstore.fs.worktree.GitSteps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Ends what git stopped on, as far as it is the store's own (rule G5). */
final class Resolve {

    private final FileEventStore store;
    private final GitDirectory git;
    private final StoreLayout layout;
    private final Disk disk;
    private final Consumer<Stopped.Step> reached;

    /**
     * @param reached hears of each step
     */
    Resolve(FileEventStore store, GitDirectory git, Consumer<Stopped.Step> reached) {
        this.store = store;
        this.git = git;
        this.layout = store.opened().layout();
        this.disk = store.opened().disk();
        this.reached = reached;
    }

    ResolveReport run() {
        List<String> marked = marked();
        Stopped.Ended ended = store.changingFiles(() -> {
            try (GitRepository repository = GitRepository.openUnfinished(git, layout)) {
                return new Stopped(repository, layout, this::put, reached).end(marked);
            }
        });
        for (TransactionId one : ended.transactions()) {
            if (store.readTransaction(one).isEmpty()) {
                throw new GitRefusedException(
                        "Not everything that git stopped on is in the store now; nothing of it is gone from git.",
                        one.toString(),
                        "look at what evstore verify and git status say, before anything is committed",
                        null);
            }
        }
        return new ResolveReport(
                ended.files(),
                ended.transactions().size(),
                ended.remaining(),
                GitSteps.of(layout.root()).toGoOn());
    }

    /** The files in which a look has found git's conflict markers. */
    private List<String> marked() {
        return store.status().findings().stream()
                .filter(finding -> finding.code() == Finding.Code.GIT_CONFLICT)
                .map(Finding::where)
                .filter(where -> where.startsWith("events/") && where.contains(", line "))
                .map(where -> where.substring("events/".length(), where.lastIndexOf(", line ")))
                .distinct()
                .toList();
    }

    /** The file is git's mixture of two, one of them, or not there. */
    private void put(Path file, byte[] bytes) throws IOException {
        requireOwn(file);
        if (!Files.exists(file)) {
            Path directory = file.getParent();
            if (directory != null) {
                disk.createDirectories(directory);
            }
            disk.publish(layout.temporary(), file, bytes, true);
        } else if (!Arrays.equals(Files.readAllBytes(file), bytes)) {
            disk.replace(layout.temporary(), file, bytes);
        }
    }

    /** No link is followed, and nothing but a file is replaced. */
    private void requireOwn(Path file) throws IOException {
        Path at = layout.root();
        for (Path name : layout.root().relativize(file)) {
            at = at.resolve(name);
            Stamp stamp = Stamp.of(at);
            Stamp.Kind wanted = at.equals(file) ? Stamp.Kind.FILE : Stamp.Kind.DIRECTORY;
            if (stamp != null && stamp.kind() != wanted) {
                throw new IOException(
                        at + " is no " + (at.equals(file) ? "file" : "directory") + " of the store's own");
            }
        }
    }
}
