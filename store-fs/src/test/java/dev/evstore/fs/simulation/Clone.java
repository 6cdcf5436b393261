package dev.evstore.fs.simulation;

import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.layout.StoreLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A clone of the simulated git: branches, a working tree, what was fetched. It moves event files as git does. What it
 * commits is safe from any power cut; what it checks out, too.
 */
final class Clone {

    private final Commits commits;
    private final WorkingTree tree;
    private final Path root;
    private final Map<String, Commit> branches = new TreeMap<>();
    private final Map<String, Commit> fetched = new TreeMap<>();
    private String branch = "main";

    Clone(Commits commits, Path root) {
        this.commits = commits;
        this.root = root;
        this.tree = new WorkingTree(root);
        branches.put(branch, commits.first());
    }

    /** A copy of all of it at another place. */
    Clone copy(Path to) {
        Clone copy = new Clone(commits, to);
        copy.branches.putAll(branches);
        copy.fetched.putAll(fetched);
        copy.branch = branch;
        return copy;
    }

    WorkingTree tree() {
        return tree;
    }

    Commit head() {
        return branches.getOrDefault(branch, commits.first());
    }

    /** All of them, by the name of the clone they are of. */
    Map<String, Commit> fetched() {
        return fetched;
    }

    List<String> branches() {
        return new ArrayList<>(branches.keySet());
    }

    void branch(String name) {
        branches.putIfAbsent(name, head());
    }

    SortedMap<String, byte[]> untracked() throws IOException {
        SortedMap<String, byte[]> files = tree.files();
        files.keySet().removeAll(head().files().keySet());
        return files;
    }

    /** Commits every whole file that is new, and what is there already. */
    Commit commit() throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>(head().files());
        for (Map.Entry<String, byte[]> file : untracked().entrySet()) {
            if (commits.contents().isWhole(file.getValue())) {
                files.put(file.getKey(), file.getValue());
            }
        }
        return commit(files);
    }

    private Commit commit(SortedMap<String, byte[]> files) throws IOException {
        Commit commit = commits.add(files);
        branches.put(branch, commit);
        return commit;
    }

    /**
     * Folds the new loose files of each month, as {@code evstore commit} does (K1), then commits, then deletes them.
     *
     * @param temporary where the pack is written first
     */
    Commit fold(Disk disk, Path temporary) throws IOException {
        List<String> folded = new ArrayList<>();
        Map<String, SortedMap<TransactionId, Transaction>> months = new TreeMap<>();
        for (Map.Entry<String, byte[]> file : untracked().entrySet()) {
            if (commits.contents().isWhole(file.getValue()) && !file.getKey().contains("pack-")) {
                String month = file.getKey().substring(0, file.getKey().indexOf('/'));
                SortedMap<TransactionId, Transaction> all = months.computeIfAbsent(month, key -> new TreeMap<>());
                commits.contents()
                        .of(file.getValue())
                        .forEach(one -> all.put(one.header().id(), one));
                folded.add(file.getKey());
            }
        }
        for (Map.Entry<String, SortedMap<TransactionId, Transaction>> month : months.entrySet()) {
            if (month.getValue().size() == 1) {
                folded.removeIf(path -> path.startsWith(month.getKey()));
                continue;
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            month.getValue().values().forEach(transaction -> bytes.writeBytes(transaction.bytes()));
            String name = StoreLayout.packName(month.getValue().firstKey(), bytes.toByteArray());
            Path target = root.resolve("events").resolve(month.getKey()).resolve(name);
            if (!Files.exists(target)) {
                disk.publish(temporary, target, bytes.toByteArray(), true);
            }
        }
        SortedMap<String, byte[]> files = new TreeMap<>(head().files());
        for (Map.Entry<String, byte[]> file : untracked().entrySet()) {
            if (commits.contents().isWhole(file.getValue()) && !folded.contains(file.getKey())) {
                files.put(file.getKey(), file.getValue());
            }
        }
        Commit commit = commit(files);
        for (String path : folded) {
            disk.remove(root.resolve("events").resolve(path));
        }
        return commit;
    }

    /** Goes to what another commit holds; what is untracked stays. */
    void reset(Commit to, Random random, WorkingTree.Between between) throws IOException {
        List<String> gone = new ArrayList<>(head().files().keySet());
        gone.removeAll(to.files().keySet());
        tree.change(gone, to.files(), random, between);
        branches.put(branch, to);
    }

    void checkout(String other, Random random, WorkingTree.Between between) throws IOException {
        Commit to = branches.getOrDefault(other, commits.first());
        List<String> gone = new ArrayList<>(head().files().keySet());
        gone.removeAll(to.files().keySet());
        tree.change(gone, to.files(), random, between);
        branch = other;
    }

    /** Merges these files of another commit, all or some, and commits that. */
    Commit merge(Map<String, byte[]> theirs, Random random, WorkingTree.Between between) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>(head().files());
        files.putAll(theirs);
        tree.bring(files, random, between);
        return commit(files);
    }
}
