package dev.evstore.fs.git;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.errors.NoMergeBaseException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.merge.RecursiveMerger;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;
import org.jspecify.annotations.Nullable;

/** How two commits stand to each other. */
final class MergeBases {

    /** Two commits can't have more best common ancestors than this and be merged; git itself hardly copes. */
    static final int MAX = 200;

    enum Standing {
        /** Theirs is ours already. */
        UP_TO_DATE,
        /** Ours is theirs already. */
        BEHIND,
        /** Both went on from where they were one. */
        DIVERGED,
        /** They have nothing in common. */
        UNRELATED,
        /** They crossed so often that what they went on from can't be told. */
        TANGLED,
        /** What they have in common may be older than what this clone has. */
        SHALLOW
    }

    private final Repository repository;

    MergeBases(Repository repository) {
        this.repository = repository;
    }

    /**
     * @param base the tree that both went on from; where there were several, these merged
     */
    record Found(Standing standing, @Nullable ObjectId base) {}

    Found find(ObjectId ours, ObjectId theirs) throws IOException {
        if (ours.equals(theirs)) {
            return new Found(Standing.UP_TO_DATE, null);
        }
        List<RevCommit> bases = new ArrayList<>();
        try (RevWalk walk = new RevWalk(repository)) {
            walk.setRevFilter(RevFilter.MERGE_BASE);
            walk.markStart(walk.parseCommit(ours));
            walk.markStart(walk.parseCommit(theirs));
            for (RevCommit base = walk.next(); base != null && bases.size() <= MAX; base = walk.next()) {
                bases.add(base);
            }
        }
        if (bases.size() == 1 && bases.get(0).equals(theirs)) {
            return new Found(Standing.UP_TO_DATE, null);
        }
        if (bases.size() == 1 && bases.get(0).equals(ours)) {
            return new Found(Standing.BEHIND, null);
        }
        if (isCutOff(ours, theirs, bases)) {
            return new Found(Standing.SHALLOW, null);
        }
        if (bases.isEmpty()) {
            return new Found(Standing.UNRELATED, null);
        }
        if (bases.size() > MAX) {
            return new Found(Standing.TANGLED, null);
        }
        try {
            return new Found(Standing.DIVERGED, bases.size() == 1 ? tree(bases.get(0)) : merged(ours, theirs));
        } catch (NoMergeBaseException e) {
            return new Found(Standing.TANGLED, null); // the ancestors themselves don't merge
        }
    }

    /** Whether history ends for want of commits, not of history, anywhere since the common ancestors. */
    private boolean isCutOff(ObjectId ours, ObjectId theirs, List<RevCommit> bases) throws IOException {
        Set<ObjectId> shallow = repository.getObjectDatabase().getShallowCommits();
        if (shallow.isEmpty()) {
            return false;
        }
        try (RevWalk walk = new RevWalk(repository)) {
            walk.markStart(walk.parseCommit(ours));
            walk.markStart(walk.parseCommit(theirs));
            for (RevCommit base : bases) {
                walk.markUninteresting(walk.parseCommit(base));
            }
            for (RevCommit commit : walk) {
                if (shallow.contains(commit)) {
                    return true;
                }
            }
        }
        return false;
    }

    private ObjectId tree(RevCommit commit) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            return walk.parseCommit(commit).getTree().copy();
        }
    }

    /** The common ancestors of a criss-cross history, merged as git's default strategy does. */
    private ObjectId merged(ObjectId ours, ObjectId theirs) throws IOException {
        Ancestor ancestor = new Ancestor(repository);
        ancestor.merge(ours, theirs);
        return ancestor.tree();
    }

    /** JGit's recursive merger, stopped where it has found what to merge from. */
    private static final class Ancestor extends RecursiveMerger {

        private @Nullable ObjectId base;

        Ancestor(Repository repository) {
            super(repository, true);
        }

        @Override
        protected boolean mergeImpl() throws IOException {
            RevCommit commit = getBaseCommit(sourceCommits[0], sourceCommits[1]);
            base = commit.getTree().copy();
            return true;
        }

        ObjectId tree() {
            ObjectId found = base;
            if (found == null) {
                throw new IllegalStateException("merged without commits");
            }
            return found;
        }
    }
}
