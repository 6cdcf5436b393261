package dev.evstore.fs.git;

import dev.evstore.core.GitRefusedException;
import dev.evstore.fs.worktree.GitDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Ref;

/**
 * What keeps a commit from being written, each with its way out (rule G4). That event files are missing from the working
 * tree is asked elsewhere (L3).
 */
final class Preflight {

    /** What git leaves while something is unfinished, and how it is ended. */
    private static final Map<String, String> UNFINISHED = new LinkedHashMap<>();

    static {
        UNFINISHED.put("rebase-merge", "a rebase: git rebase --continue or git rebase --abort");
        UNFINISHED.put("rebase-apply", "a rebase or git am: git rebase --continue or --abort, or git am --abort");
        UNFINISHED.put("MERGE_HEAD", "a merge: git commit or git merge --abort");
        UNFINISHED.put("CHERRY_PICK_HEAD", "a cherry-pick: git cherry-pick --continue or --abort");
        UNFINISHED.put("REVERT_HEAD", "a revert: git revert --continue or --abort");
        UNFINISHED.put("sequencer", "a cherry-pick or revert: git cherry-pick --continue or git cherry-pick --abort");
        UNFINISHED.put("BISECT_LOG", "a bisect: git bisect reset");
    }

    private Preflight() {}

    /** What the configuration alone tells: a repository that JGit can't read. */
    static void checkKind(Config settings, GitDirectory git) {
        String format = settings.getString("extensions", null, "objectformat");
        if (format != null && !format.equalsIgnoreCase("sha1")) {
            throw Refusals.refusal(
                    "The repository names its objects by " + format + ", which evstore can't write.",
                    git.workTree(),
                    "commit with git itself: git add events && git commit");
        }
        if (settings.getBoolean("core", "bare", false) && git.path().equals(git.common())) {
            throw Refusals.refusal(
                    "The repository is bare: it has no working tree to commit from.",
                    git.path(),
                    "work in a clone of it, or git config core.bare false");
        }
    }

    static void check(GitRepository repository) {
        checkState(repository);
        repository.asking(() -> {
            checkIndex(repository);
            if (CommitObject.isToBeSigned(repository) && repository.program().isEmpty()) {
                throw noSigner(repository.where());
            }
            return true;
        });
    }

    /** What may have changed since: a merge or rebase that was begun, a branch that was left. */
    static void checkState(GitRepository repository) {
        GitDirectory git = repository.directory();
        UNFINISHED.forEach((name, what) -> {
            if (Files.exists(git.path().resolve(name))) {
                throw Refusals.refusal(
                        "Git is in the middle of something, so nothing was committed.",
                        git.path().resolve(name),
                        "end " + what);
            }
        });
        repository.asking(() -> {
            Ref head = repository.jgit().exactRef(Constants.HEAD);
            if (head != null && !head.isSymbolic()) {
                throw Refusals.refusal(
                        "HEAD is detached: a commit would belong to no branch.",
                        repository.where(),
                        "git switch BRANCH, or git switch -c NEW-BRANCH; uncommitted events come along");
            }
            return true;
        });
    }

    static void checkIndex(GitRepository repository) throws IOException {
        try {
            repository.index();
        } catch (IndexFile.UnknownKindException e) {
            throw Refusals.refusal(
                    "Git's index is of a kind that evstore can't write: " + e.getMessage() + ".",
                    repository.directory().index(),
                    e.remedy(),
                    e);
        }
    }

    static GitRefusedException noSigner(String where) {
        return Refusals.refusal(
                "Commits are to be signed here (commit.gpgsign), and that takes the git program, which is missing.",
                where,
                "install git, or mend PATH, or git config commit.gpgsign false");
    }
}
