package dev.evstore.fs.git;

import java.io.IOException;
import java.time.Duration;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The user's own files, which only the git program writes: it knows their line ends, filters, links and case, and what of
 * the user's must not be overwritten. Not thread-safe.
 */
final class UsersFiles {

    /** A filter may fetch large files from afar. */
    static final Duration LIMIT = Duration.ofMinutes(30);

    private final GitRepository repository;
    private final ObjectId before;
    private final ObjectId after;

    /**
     * @param before the tree that the working tree is of, but for what the user changed
     * @param after the tree it shall be of, but for the store's new files
     */
    UsersFiles(GitRepository repository, ObjectId before, ObjectId after) {
        this.repository = repository;
        this.before = before;
        this.after = after;
    }

    /**
     * Whether they can be checked out; changes nothing.
     *
     * @throws dev.evstore.core.GitRefusedException something of the user's would be overwritten
     */
    void check() throws IOException {
        if (before.equals(after)) {
            return;
        }
        if (repository.program().isEmpty()) {
            throw Refusals.refusal(
                    "The merge changes files that are not events, and those the git program writes, which is missing.",
                    repository.where(),
                    "install git, or mend PATH");
        }
        IndexLock.await(repository); // git does not wait
        // What was touched but not changed would look changed; nobody needs the answer.
        git("update-index", "-q", "--refresh").end();
        require(git("read-tree", "-m", "-u", "-n", before.name(), after.name()), "nothing was changed");
    }

    /** Checks them out, and notes them in git's index. */
    void checkOut() throws IOException {
        if (!before.equals(after)) {
            require(
                    git("read-tree", "-m", "-u", before.name(), after.name()),
                    "the events are here and staged, and the merge is not done");
        }
    }

    private GitProgram.Run git(String... arguments) {
        return repository.program().orElseThrow().run(repository.workTree(), LIMIT, arguments);
    }

    private void require(GitProgram.Run run, String holds) throws IOException {
        GitProgram.Ended ended = run.end();
        if (ended.exit() != 0 && Refusals.isForRoom(ended.errors())) {
            throw Refusals.refusal(
                    "Git could not write your files; " + holds + ".",
                    repository.where() + ": " + Refusals.shortened(ended.errors()),
                    "make room there, remove or git restore what git wrote until then (git status lists it), then repeat");
        }
        if (ended.exit() != 0) {
            throw Refusals.refusal(
                    "The merge would overwrite files of yours; " + holds + ".",
                    repository.where() + ": " + Refusals.shortened(ended.errors()),
                    "commit, stash or move what git names, then repeat");
        }
    }
}
