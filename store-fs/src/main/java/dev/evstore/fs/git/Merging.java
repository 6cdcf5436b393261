package dev.evstore.fs.git;

import dev.evstore.core.GitRefusedException;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/**
 * Merges a commit into the branch that is checked out (rule G3).
 *
 * <p>The order is what a crash asks for: the commit is written, the store's files appear, git's index has them, the user's
 * own files follow, and last the branch moves. At every point git sees new files that nobody has committed yet, or changes
 * that are staged: whatever the user commits then, no event is deleted by it, and the merge can be made again.
 *
 * <p>Of the working tree, this class writes the store's files; the user's own are git's to write, who knows their line ends,
 * filters and links. Not thread-safe.
 */
public final class Merging {

    /** What has just been done. */
    public enum Step {
        WRITTEN,
        PUBLISHED,
        STAGED,
        CHECKED_OUT,
        MOVED
    }

    /** How it ended. */
    public enum Outcome {
        UP_TO_DATE,
        FAST_FORWARD,
        MERGED,
        /** The user's own files are in conflict; git waits for the person. */
        CONFLICTS
    }

    /**
     * What was done.
     *
     * @param before the commit that HEAD stood on, in hex; null for none
     * @param theirs the commit that was merged
     * @param head the commit that HEAD stands on now
     * @param conflicts the files in conflict
     */
    public record Merged(Outcome outcome, @Nullable String before, String theirs, String head, List<String> conflicts) {

        static Merged of(Outcome outcome, MergePlan plan, ObjectId head, List<String> conflicts) {
            ObjectId before = plan.head();
            return new Merged(
                    outcome,
                    before == null ? null : before.name(),
                    plan.theirs().name(),
                    head.name(),
                    conflicts);
        }

        public Merged {
            conflicts = List.copyOf(conflicts);
        }
    }

    private final GitRepository repository;
    private final Repository jgit;
    private final Disk disk;
    private final StoreLayout layout;
    private final Consumer<Step> reached;
    private final FastForward forward;

    /**
     * @param exchanging whether it is a part of an exchange with a remote, where a branch that is merely behind follows
     *     whatever {@code merge.ff} says: a merge commit for each would never let two clones come to rest
     * @param reached hears of each step
     */
    public Merging(
            GitRepository repository, StoreLayout layout, Disk disk, boolean exchanging, Consumer<Step> reached) {
        FastForward wanted = FastForward.of(repository.settings());
        this.forward = exchanging && wanted == FastForward.NEVER ? FastForward.ALLOWED : wanted;
        this.repository = repository;
        this.jgit = repository.jgit();
        this.layout = layout;
        this.disk = disk;
        this.reached = reached;
    }

    /**
     * What merging a commit comes to; changes nothing that anybody sees.
     *
     * @param name of a branch, tag or commit, as git reads it
     * @throws GitRefusedException there is no such commit, or it can't be merged here
     */
    public Plan plan(String name) {
        ObjectId theirs = Commits.named(repository, name);
        MergePlan plan = repository.asking(() -> {
            try {
                return MergePlan.of(jgit, repository.prefix(), repository.head(), theirs);
            } catch (MissingObjectException e) {
                throw Refusals.refusal(
                        "The merge needs objects that are not in this clone.",
                        name + ": " + e.getMessage(),
                        "git fetch --refetch --no-filter, then repeat",
                        e);
            } catch (Trees.TooMuch e) {
                throw Refusals.refusal(
                        "What is to be merged is larger than any working tree: " + e.getMessage() + ".",
                        name,
                        "look at what it is: git diff --stat HEAD " + name);
            }
        });
        refuseUnmergeable(plan, name);
        return new Plan(name, plan);
    }

    /** What is to be done. Opaque. */
    public static final class Plan {
        private final String name;
        private final MergePlan plan;

        private Plan(String name, MergePlan plan) {
            this.name = name;
            this.plan = plan;
        }
    }

    private void refuseUnmergeable(MergePlan plan, String name) {
        switch (plan.standing()) {
            case UNRELATED ->
                throw Refusals.refusal(
                        "The two histories have no commit in common.",
                        name,
                        "if they are to become one: git merge --allow-unrelated-histories " + name);
            case SHALLOW ->
                throw Refusals.refusal(
                        "The clone is shallow, and what the two branches have in common may be cut off.",
                        name,
                        "git fetch --unshallow, then repeat");
            case TANGLED ->
                throw Refusals.refusal(
                        "The two branches were merged crosswise so often that their common ancestor can't be told.",
                        name,
                        "git merge -X no-renames " + name);
            case DIVERGED -> {
                if (forward == FastForward.ONLY) {
                    throw Refusals.refusal(
                            "The two branches went on apart, and the setting merge.ff forbids to make a merge commit.",
                            name + " in " + repository.where(),
                            "git rebase " + name + ", or git config merge.ff true; then repeat");
                }
            }
            default -> {
                return;
            }
        }
    }

    /**
     * Does what was planned.
     *
     * @return nothing if HEAD has moved since it was planned: then another plan is needed
     * @throws GitRefusedException something of the user's is in the way; if it says nothing else, nothing was changed
     */
    public Optional<Merged> apply(Plan planned) {
        MergePlan plan = planned.plan;
        Preflight.checkState(repository);
        ObjectId before = repository.head();
        if (before == null ? plan.head() != null : !before.equals(plan.head())) {
            return Optional.empty();
        }
        if (plan.standing() == MergeBases.Standing.UP_TO_DATE && before != null) {
            return Optional.of(Merged.of(Outcome.UP_TO_DATE, plan, before, List.of()));
        }
        ObjectId tree = plan.tree();
        ObjectId rest = plan.rest();
        return repository.asking(() -> tree == null || rest == null
                ? Optional.of(new HandedToGit(repository, planned.name, plan).merge())
                : done(planned.name, plan, tree, rest));
    }

    private Optional<Merged> done(String name, MergePlan plan, ObjectId tree, ObjectId rest) throws IOException {
        ArrivingFiles events = new ArrivingFiles(repository, layout, disk, plan.arriving());
        UsersFiles users = new UsersFiles(repository, plan.headTree(), rest);
        events.refuseObstacles();
        users.check();
        IndexLock.await(repository);
        ObjectId head = plan.head();
        ObjectId result = head == null
                        || (plan.standing() == MergeBases.Standing.BEHIND && forward != FastForward.NEVER)
                ? plan.theirs()
                : repository.commit(
                        tree, List.of(head, plan.theirs()), Commits.mergeMessage(repository, name, plan.theirs()));
        reached.accept(Step.WRITTEN);
        events.publish();
        reached.accept(Step.PUBLISHED);
        events.stage();
        reached.accept(Step.STAGED);
        users.checkOut();
        reached.accept(Step.CHECKED_OUT);
        boolean forwarded = result.equals(plan.theirs());
        if (head != null) {
            jgit.writeOrigHead(head);
        }
        if (!repository.moveHead(
                head, result, "merge " + name + (forwarded ? ": Fast-forward" : ": Merge made by evstore"))) {
            return Optional.empty(); // somebody committed meanwhile; what is here by now is in nobody's way
        }
        reached.accept(Step.MOVED);
        return Optional.of(Merged.of(forwarded ? Outcome.FAST_FORWARD : Outcome.MERGED, plan, result, List.of()));
    }
}
