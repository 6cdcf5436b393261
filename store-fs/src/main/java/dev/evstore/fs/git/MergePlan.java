package dev.evstore.fs.git;

import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/**
 * What a merge comes to, before anything is changed. Its trees are written; nothing names them yet. Immutable.
 *
 * @param standing how the two commits stand to each other
 * @param head the commit merged into; null on a branch without one
 * @param theirs the commit that is merged
 * @param headTree what the working tree is of; empty on a branch without a commit
 * @param tree what is to be committed; null if there are conflicts, or nothing to merge
 * @param conflicts the user's own files that both changed, for a person to decide; raw, ascending
 * @param arriving the store's files in {@code tree} under names that HEAD has nothing under
 * @param rest {@code tree} without those that arrive: {@code headTree} where nothing else changes
 */
record MergePlan(
        MergeBases.Standing standing,
        @Nullable ObjectId head,
        ObjectId theirs,
        ObjectId headTree,
        @Nullable ObjectId tree,
        List<String> conflicts,
        List<Arriving> arriving,
        @Nullable ObjectId rest) {

    MergePlan {
        conflicts = List.copyOf(conflicts);
        arriving = List.copyOf(arriving);
    }

    /** What writers name their files: no name means two things to any file system, or something else to it. */
    private static final Pattern WRITTEN = Pattern.compile("/[0-9]{4}-[0-9]{2}/(?:pack-)?[0-9a-f][0-9a-f.-]*\\.jsonl");

    /** A file of the store's that HEAD lacks. */
    record Arriving(String path, Trees.Entry entry) {}

    /** Computes it. */
    static MergePlan of(Repository repository, String events, @Nullable ObjectId head, ObjectId theirs)
            throws IOException {
        try (ObjectInserter inserter = repository.newObjectInserter();
                ObjectReader reader = inserter.newReader()) {
            Maker maker = new Maker(repository, reader, inserter, RawPath.of(events), head, theirs);
            MergePlan plan = maker.make();
            inserter.flush();
            return plan;
        }
    }

    private record Maker(
            Repository repository,
            ObjectReader reader,
            ObjectInserter inserter,
            String events,
            @Nullable ObjectId head,
            ObjectId theirs) {

        MergePlan make() throws IOException {
            Trees trees = new Trees(reader);
            ObjectId ours = head == null ? trees.edited(null, new TreeMap<>(), inserter) : treeOf(head);
            MergeBases.Found found = head == null
                    ? new MergeBases.Found(MergeBases.Standing.BEHIND, null)
                    : new MergeBases(repository).find(head, theirs);
            return switch (found.standing()) {
                case BEHIND -> planned(found.standing(), trees, ours, treeOf(theirs));
                case DIVERGED -> merged(trees, ours, found.base());
                default -> new MergePlan(found.standing(), head, theirs, ours, null, List.of(), List.of(), null);
            };
        }

        private ObjectId treeOf(ObjectId commit) throws IOException {
            try (RevWalk walk = new RevWalk(repository)) {
                return walk.parseCommit(commit).getTree().copy();
            }
        }

        private MergePlan merged(Trees trees, ObjectId ours, @Nullable ObjectId base) throws IOException {
            TreeMerge.Result result = new TreeMerge(reader, events).merge(base, ours, treeOf(theirs));
            ContentMerge.Result contents = new ContentMerge(repository, reader, inserter).merge(ours, result.clashes());
            if (!contents.conflicts().isEmpty()) {
                return new MergePlan(
                        MergeBases.Standing.DIVERGED,
                        head,
                        theirs,
                        ours,
                        null,
                        List.copyOf(contents.conflicts()),
                        List.of(),
                        null);
            }
            SortedMap<String, Trees.@Nullable Entry> changes = new TreeMap<>(result.changes());
            changes.putAll(contents.merged());
            return planned(MergeBases.Standing.DIVERGED, trees, ours, trees.edited(ours, changes, inserter));
        }

        private MergePlan planned(MergeBases.Standing standing, Trees trees, ObjectId ours, ObjectId tree)
                throws IOException {
            List<Arriving> arriving = arriving(trees.differences(ours, tree, events));
            SortedMap<String, Trees.@Nullable Entry> without = new TreeMap<>();
            arriving.forEach(file -> without.put(file.path(), null));
            ObjectId rest = trees.edited(tree, without, inserter);
            return new MergePlan(standing, head, theirs, ours, tree, List.of(), arriving, rest);
        }

        private List<Arriving> arriving(List<Trees.Difference> differences) throws IOException {
            TreeSet<String> leaving = new TreeSet<>();
            for (Trees.Difference difference : differences) {
                if (difference.before() != null) {
                    leaving.add(difference.path());
                }
            }
            List<Arriving> found = new ArrayList<>();
            for (Trees.Difference difference : differences) {
                Trees.Entry entry = difference.after();
                String path = difference.path();
                if (entry != null && difference.before() == null && isOurs(path, entry)) {
                    String below = leaving.higher(path + "/");
                    if (below == null || !below.startsWith(path + "/")) {
                        found.add(new Arriving(path, entry));
                    }
                }
            }
            return found;
        }

        /** What no writer makes, and what is too large for a reader, is a file like any other. */
        private boolean isOurs(String path, Trees.Entry entry) throws IOException {
            if (entry.mode() != FileMode.REGULAR_FILE) {
                return false;
            }
            return WRITTEN.matcher(path.substring(events.length())).matches()
                    ? Blobs.isReadable(reader, entry.id())
                    : entry.id().equals(frozen(path));
        }

        private @Nullable ObjectId frozen(String path) {
            if (path.equals(events + "/.gitattributes")) {
                return Blobs.id(StoreLayout.attributesBytes());
            }
            return path.equals(events + "/.gitignore") ? Blobs.id(StoreLayout.ignoreBytes()) : null;
        }
    }
}
