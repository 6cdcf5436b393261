package dev.evstore.fs.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.attributes.Attribute;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.merge.MergeStrategy;
import org.eclipse.jgit.merge.ResolveMerger;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/**
 * Merges the contents of files that both sides changed, by lines, as git does: JGit's merger, on trees that hold these files
 * and the attributes above them and nothing else.
 */
final class ContentMerge {

    private static final Set<String> KNOWN_DRIVERS = Set.of("text", "binary", "union");

    private final Repository repository;
    private final ObjectReader reader;
    private final ObjectInserter inserter;
    private final Trees trees;

    ContentMerge(Repository repository, ObjectReader reader, ObjectInserter inserter) {
        this.repository = repository;
        this.reader = reader;
        this.inserter = inserter;
        this.trees = new Trees(reader);
    }

    /**
     * @param merged what could be merged, by path
     * @param conflicts what a person has to decide, or a merge program of the user's; raw, ascending
     */
    record Result(SortedMap<String, Trees.@Nullable Entry> merged, SortedSet<String> conflicts) {}

    Result merge(ObjectId ours, List<TreeMerge.Clash> clashes) throws IOException {
        SortedSet<String> conflicts = new TreeSet<>();
        List<TreeMerge.Clash> files = new ArrayList<>();
        for (TreeMerge.Clash clash : clashes) {
            if (isFile(clash.ours()) && isFile(clash.theirs())) {
                files.add(clash);
            } else {
                conflicts.add(clash.path());
            }
        }
        SortedMap<String, Trees.@Nullable Entry> merged = new TreeMap<>();
        if (files.isEmpty()) {
            return new Result(merged, conflicts);
        }
        SortedMap<String, Trees.@Nullable Entry> base = attributes(ours, files);
        SortedMap<String, Trees.@Nullable Entry> here = new TreeMap<>(base);
        SortedMap<String, Trees.@Nullable Entry> there = new TreeMap<>(base);
        for (TreeMerge.Clash file : files) {
            base.put(file.path(), isFile(file.base()) ? file.base() : null);
            here.put(file.path(), file.ours());
            there.put(file.path(), file.theirs());
        }
        ObjectId oursAlone = trees.edited(null, here, inserter);
        ObjectId baseAlone = trees.edited(null, base, inserter);
        ObjectId theirsAlone = trees.edited(null, there, inserter);
        inserter.flush();
        ResolveMerger merger = (ResolveMerger) MergeStrategy.RESOLVE.newMerger(repository, true);
        merger.setAttributesNodeProvider(repository.createAttributesNodeProvider());
        merger.setBase(baseAlone);
        boolean whole = merger.merge(oursAlone, theirsAlone);
        for (String path : merger.getUnmergedPaths()) {
            conflicts.add(RawPath.of(path));
        }
        conflicts.addAll(withOtherDriver(oursAlone));
        ObjectId result = merger.getResultTreeId();
        for (TreeMerge.Clash file : files) {
            if (whole && !conflicts.contains(file.path())) {
                merged.put(file.path(), trees.find(result, file.path()));
            } else if (!whole) {
                conflicts.add(file.path());
            }
        }
        return new Result(merged, conflicts);
    }

    private static boolean isFile(Trees.@Nullable Entry entry) {
        return entry != null && entry.isFile();
    }

    /** The attributes that hold for these files, as we have them. */
    private SortedMap<String, Trees.@Nullable Entry> attributes(ObjectId ours, List<TreeMerge.Clash> files)
            throws IOException {
        SortedMap<String, Trees.@Nullable Entry> found = new TreeMap<>();
        for (TreeMerge.Clash file : files) {
            for (int slash = file.path().lastIndexOf('/'); ; slash = file.path().lastIndexOf('/', slash - 1)) {
                String path = RawPath.join(file.path().substring(0, Math.max(0, slash)), Constants.DOT_GIT_ATTRIBUTES);
                if (found.containsKey(path)) {
                    break;
                }
                Trees.Entry entry = trees.find(ours, path);
                if (isFile(entry)) {
                    found.put(path, entry);
                }
                if (slash < 0) {
                    break;
                }
            }
        }
        return found;
    }

    /** Files that the user has a merge program for: git runs it, JGit would merge their lines. */
    private SortedSet<String> withOtherDriver(ObjectId tree) throws IOException {
        SortedSet<String> found = new TreeSet<>();
        try (TreeWalk walk = new TreeWalk(repository, reader)) {
            walk.setAttributesNodeProvider(repository.createAttributesNodeProvider());
            walk.setOperationType(TreeWalk.OperationType.CHECKIN_OP);
            walk.addTree(tree);
            walk.setRecursive(true);
            while (walk.next()) {
                Attribute merge = walk.getAttributes(0).get(Constants.ATTR_MERGE);
                if (merge != null
                        && merge.getState() == Attribute.State.CUSTOM
                        && !KNOWN_DRIVERS.contains(merge.getValue())) {
                    found.add(new String(walk.getRawPath(), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return found;
    }
}
