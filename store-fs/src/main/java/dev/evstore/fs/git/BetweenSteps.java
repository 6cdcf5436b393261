package dev.evstore.fs.git;

import dev.evstore.core.format.Limits;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.worktree.GitDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;

/** Event files as the commits have them that a rebase, merge, cherry-pick or revert is made of. Changes nothing. */
public final class BetweenSteps {

    /** Where git notes them, each file with a commit's id a line. */
    private static final List<String> NOTES = List.of(
            "rebase-merge/orig-head",
            "rebase-apply/orig-head",
            "ORIG_HEAD",
            "MERGE_HEAD",
            "CHERRY_PICK_HEAD",
            "REVERT_HEAD",
            "rebase-merge/onto",
            "BISECT_EXPECTED_REV");

    private BetweenSteps() {}

    /**
     * The bytes of one.
     *
     * @param path relative to {@code events/}
     * @return null if none of those commits has it
     */
    public static byte @Nullable [] bytes(GitDirectory git, StoreLayout layout, String path) throws IOException {
        try {
            Optional<byte[]> found = Unobtrusive.asking(() -> {
                try (Repository repository = new FileRepositoryBuilder()
                        .setGitDir(git.path().toFile())
                        .setWorkTree(git.workTree().toFile())
                        .setMustExist(true)
                        .build()) {
                    String root = git.name(layout.root());
                    String name = (root.isEmpty() ? "" : root + "/") + "events/" + path;
                    return Optional.ofNullable(bytes(repository, commits(git, repository), name));
                }
            });
            return found.orElse(null);
        } catch (IOException | RuntimeException e) { // JGit tells of damage in many ways, unchecked ones among them
            throw new GitUnreadableException(e);
        }
    }

    private static List<ObjectId> commits(GitDirectory git, Repository repository) throws IOException {
        List<ObjectId> commits = new ArrayList<>();
        for (String note : NOTES) {
            for (String line : lines(git.path().resolve(note))) {
                if (ObjectId.isId(line)) {
                    commits.add(ObjectId.fromString(line));
                }
            }
        }
        ObjectId head = repository.resolve(Constants.HEAD);
        if (head != null) {
            commits.add(head);
        }
        return commits;
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static byte @Nullable [] bytes(Repository repository, List<ObjectId> commits, String path)
            throws IOException {
        try (ObjectReader reader = repository.newObjectReader();
                RevWalk walk = new RevWalk(reader)) {
            EventTrees trees = new EventTrees(reader);
            for (ObjectId commit : commits) {
                EventTrees.Entry entry = trees.find(walk.parseCommit(commit).getTree(), path);
                if (entry != null && entry.file()) {
                    return reader.open(entry.id(), Constants.OBJ_BLOB).getCachedBytes(Limits.FILE);
                }
            }
            return null;
        }
    }
}
