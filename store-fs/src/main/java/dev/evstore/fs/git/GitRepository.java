package dev.evstore.fs.git;

import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.worktree.GitDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The repository that a store is in, opened to write commits to it. What is written is synced; JGit does nothing beside
 * it (see {@link Unobtrusive}). Every method throws {@link dev.evstore.core.GitRefusedException} where git's files can't be
 * read or written. Not thread-safe.
 */
public final class GitRepository implements AutoCloseable {

    private final GitDirectory git;
    private final Repository repository;
    private final String prefix;
    private final Optional<GitProgram> program;
    private final Config settings;
    /** Being asked from the beginning: it is known when it is needed. */
    private final GitProgram.@Nullable Running author;

    private @Nullable Identity identity;
    private @Nullable IndexFile index;

    private GitRepository(
            GitDirectory git,
            Repository repository,
            String prefix,
            Optional<GitProgram> program,
            Config settings,
            GitProgram.@Nullable Running author) {
        this.git = git;
        this.repository = repository;
        this.prefix = prefix;
        this.program = program;
        this.settings = settings;
        this.author = author;
    }

    /**
     * Opens it and makes sure that a commit may be written ({@link Preflight}).
     *
     * @throws dev.evstore.core.GitRefusedException naming the way out
     */
    public static GitRepository open(GitDirectory git, StoreLayout layout) {
        Optional<GitProgram> program = GitProgram.find();
        GitRepository opened = open(git, layout, program);
        try {
            Preflight.check(opened);
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Opens it whatever is unfinished there. */
    public static GitRepository openUnfinished(GitDirectory git, StoreLayout layout) {
        GitRepository opened = open(git, layout, GitProgram.find());
        try {
            opened.asking(() -> {
                Preflight.checkIndex(opened);
                return true;
            });
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    static GitRepository open(GitDirectory git, StoreLayout layout, Optional<GitProgram> program) {
        return Refusals.asking(git.workTree(), () -> {
            GitProgram.Running author = program.isPresent() ? Identity.ask(program.get(), git.workTree()) : null;
            try {
                return open(git, layout, program, author);
            } catch (IOException | RuntimeException e) {
                if (author != null) {
                    author.close();
                }
                throw e;
            }
        });
    }

    private static GitRepository open(
            GitDirectory git, StoreLayout layout, Optional<GitProgram> program, GitProgram.@Nullable Running author)
            throws IOException {
        Config settings = Settings.of(program, git);
        Preflight.checkKind(settings, git);
        Repository repository = new FileRepositoryBuilder()
                .setGitDir(git.path().toFile())
                .setWorkTree(git.workTree().toFile())
                .setMustExist(true)
                .build();
        String root = git.name(layout.root());
        String prefix = root.isEmpty() ? "events" : root + "/events";
        return new GitRepository(git, repository, prefix, program, settings, author);
    }

    /** The git program, telling who the author of a commit is. */
    GitProgram.Running author() {
        if (author == null) {
            throw new IllegalStateException("there is no git program to ask");
        }
        return author;
    }

    /** What HEAD stands on: null for a branch without a commit. */
    @Nullable
    ObjectId head() {
        return asking(() -> {
            Ref head = repository.exactRef(Constants.HEAD);
            if (head == null) {
                throw new IOException("HEAD is unreadable");
            }
            return head.getObjectId();
        });
    }

    /** {@link #head} as 40 hex digits. */
    public @Nullable String headName() {
        ObjectId head = head();
        return head == null ? null : head.name();
    }

    /** The tree of a commit; null for none. */
    @Nullable
    ObjectId tree(@Nullable ObjectId commit) {
        if (commit == null) {
            return null;
        }
        return asking(() -> {
            try (RevWalk walk = new RevWalk(repository)) {
                return walk.parseCommit(commit).getTree().copy();
            }
        });
    }

    /** Writes objects, each synced when it is asked for the last time ({@link ObjectInserter#flush}). */
    ObjectInserter inserter() {
        return asking(repository::newObjectInserter);
    }

    ObjectReader reader() {
        return asking(repository::newObjectReader);
    }

    /** Writes a commit of the user's, signed where the user wants that; no branch knows it yet. */
    ObjectId commit(ObjectId tree, List<ObjectId> parents, String message) {
        return asking(() -> CommitObject.write(this, tree, parents, message));
    }

    /**
     * Moves the branch that HEAD names, noting it in the reflogs.
     *
     * @param expected where it has to be; null: the branch has no commit yet
     * @param note for the reflog, as {@code commit: …}
     * @return whether it was there, and is moved; false: nothing changed
     */
    boolean moveHead(@Nullable ObjectId expected, ObjectId to, String note) {
        return asking(() -> {
            RefUpdate update = repository.updateRef(Constants.HEAD);
            update.setExpectedOldObjectId(expected == null ? ObjectId.zeroId() : expected);
            update.setNewObjectId(to);
            update.setRefLogIdent(identity().committer());
            update.setRefLogMessage(note, false);
            update.setForceUpdate(true); // the expected value decides, not who descends from whom
            RefUpdate.Result result = update.update();
            return switch (result) {
                case NEW, FAST_FORWARD, FORCED, NO_CHANGE -> true;
                case LOCK_FAILURE -> false;
                default -> throw new IOException("HEAD can't be moved: " + result);
            };
        });
    }

    <T> T asking(Unobtrusive.Question<T> question) {
        return Refusals.asking(where(), question);
    }

    /** Git's index as it was when it was first asked for. */
    IndexFile index() throws IOException {
        if (index == null) {
            index = IndexFile.glance(git.index());
        }
        return index;
    }

    /** Who commits here; asked once. */
    Identity identity() throws IOException {
        if (identity == null) {
            identity = Identity.of(this);
        }
        return identity;
    }

    /** The repository's own, for what this class has no method for. */
    Repository jgit() {
        return repository;
    }

    GitDirectory directory() {
        return git;
    }

    Path workTree() {
        return git.workTree();
    }

    /** What to tell a person of where it is. */
    String where() {
        return git.workTree().toString();
    }

    /** The store's {@code events}, as git calls it. */
    public String prefix() {
        return prefix;
    }

    Optional<GitProgram> program() {
        return program;
    }

    /** The configuration that holds here. */
    Config settings() {
        return settings;
    }

    @Override
    public void close() {
        if (author != null) {
            author.close();
        }
        repository.close();
    }
}
