package dev.evstore.fs.git;

import java.io.IOException;
import java.util.List;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.merge.MergeMessageFormatter;
import org.jspecify.annotations.Nullable;

/** Commits by the names that people give them. */
final class Commits {

    private Commits() {}

    /**
     * The commit that a branch, tag or expression names.
     *
     * @throws dev.evstore.core.GitRefusedException there is none
     */
    static ObjectId named(GitRepository repository, String name) {
        return repository.asking(() -> {
            ObjectId commit = resolved(repository.jgit(), name);
            if (commit == null) {
                throw Refusals.refusal(
                        "There is no such commit.",
                        name + " in " + repository.where(),
                        "git branch -a lists the branches; a branch of another clone comes with git fetch");
            }
            return commit;
        });
    }

    private static @Nullable ObjectId resolved(Repository repository, String name) throws IOException {
        if (name.isBlank() || name.startsWith("-")) {
            return null; // no name that git would read, and an option to its program
        }
        try {
            return repository.resolve(name + "^{commit}");
        } catch (RevisionSyntaxException | AmbiguousObjectException e) {
            return null;
        }
    }

    /** What git would write for merging it. */
    static String mergeMessage(GitRepository repository, String name, ObjectId commit) throws IOException {
        Repository jgit = repository.jgit();
        Ref named = jgit.getRefDatabase().findRef(name);
        Ref head = jgit.exactRef(Constants.HEAD);
        if (head == null) {
            throw new IOException("HEAD is unreadable");
        }
        Ref theirs = named == null ? new ObjectIdRef.Unpeeled(Ref.Storage.NEW, name, commit) : named;
        return new MergeMessageFormatter().format(List.of(theirs), head) + "\n";
    }
}
