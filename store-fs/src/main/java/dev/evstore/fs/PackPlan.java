package dev.evstore.fs;

import dev.evstore.core.id.TransactionId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which committed loose files become packs (rules K3, K4). Decides, changes nothing.
 *
 * @param folds files that become one pack, each list of one directory, as many transactions and bytes as in a commit's
 * @param superfluous files whose every transaction stands in a committed pack as well, as after a branch from before was
 *     merged: they go, and are not packed once more
 */
record PackPlan(List<List<NewFile>> folds, List<NewFile> superfluous) {

    /** What committed packs hold. */
    interface Packed {
        /** Whether one has these very bytes. */
        boolean has(NewFile.Content content) throws IOException;
    }

    PackPlan {
        folds = List.copyOf(folds);
        superfluous = List.copyOf(superfluous);
    }

    /**
     * @param loose the committed loose files
     * @param before takes files whose every transaction has an id from before this, in milliseconds since 1970
     */
    static PackPlan of(List<NewFile> loose, Packed packed, long before) throws IOException {
        Map<TransactionId, NewFile.Content> first = new HashMap<>();
        Map<TransactionId, Boolean> oneKind = new HashMap<>();
        for (NewFile file : loose) {
            for (NewFile.Content content : file.transactions()) {
                NewFile.Content other = first.putIfAbsent(content.id(), content);
                oneKind.merge(content.id(), other == null || other.isSameAs(content), Boolean::logicalAnd);
            }
        }
        List<NewFile> superfluous = new ArrayList<>();
        Map<String, List<NewFile>> foldable = new TreeMap<>();
        for (NewFile file : loose) {
            if (file.transactions().stream().anyMatch(content -> content.id().millis() >= before)) {
                continue;
            }
            if (isIn(packed, file)) {
                superfluous.add(file);
            } else if (file.transactions().stream().allMatch(content -> oneKind.getOrDefault(content.id(), false))) {
                foldable.computeIfAbsent(file.directory(), directory -> new ArrayList<>())
                        .add(file);
            }
        }
        List<List<NewFile>> folds = new ArrayList<>();
        List<NewFile> alone = new ArrayList<>();
        foldable.values().forEach(files -> CommitPlan.group(files, folds, alone));
        return new PackPlan(folds, superfluous);
    }

    private static boolean isIn(Packed packed, NewFile file) throws IOException {
        for (NewFile.Content content : file.transactions()) {
            if (!packed.has(content)) {
                return false;
            }
        }
        return true;
    }

    /** The loose files that go. */
    List<NewFile> leaving() {
        List<NewFile> all = new ArrayList<>(superfluous);
        folds.forEach(all::addAll);
        return all;
    }
}
