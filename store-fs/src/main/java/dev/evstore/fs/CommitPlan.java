package dev.evstore.fs;

import dev.evstore.core.format.Limits;
import dev.evstore.core.id.TransactionId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which new files a commit takes, which of them become one (K1), and which wait (G7). Decides, changes nothing.
 *
 * @param folds files that become one pack, each list of one directory
 * @param whole files that are committed as they are
 * @param superfluous untracked files of ours whose every transaction HEAD or a file of {@code whole} holds: removed once that is
 *     committed
 * @param leftOut transactions that wait for a parent
 */
record CommitPlan(
        List<List<NewFile>> folds, List<NewFile> whole, List<NewFile> superfluous, List<CommitResult.LeftOut> leftOut) {

    /** As many transactions as make a pack worth its name; more gain nothing. */
    static final int PACK = 1000;

    /** What HEAD holds. */
    interface Head {
        /** Whether it has a transaction of this id. */
        boolean has(TransactionId id) throws IOException;

        /** Whether it has these very bytes. */
        boolean has(NewFile.Content content) throws IOException;
    }

    static CommitPlan of(List<NewFile> found, Head head) throws IOException {
        List<NewFile> superfluous = new ArrayList<>();
        List<NewFile> news = new ArrayList<>();
        for (NewFile file : found) {
            if (file.staged() || !isHeld(file, head)) {
                news.add(file);
            } else if (file.isNamedByUs()) {
                superfluous.add(file);
            }
        }
        List<CommitResult.LeftOut> leftOut = leftOut(news, head);
        Set<String> waiting = new HashSet<>();
        leftOut.forEach(one -> waiting.add(one.file()));
        List<NewFile> taken =
                news.stream().filter(file -> !waiting.contains(described(file))).toList();
        return fold(taken, superfluous, leftOut);
    }

    private static boolean isHeld(NewFile file, Head head) throws IOException {
        for (NewFile.Content content : file.transactions()) {
            if (!head.has(content)) {
                return false;
            }
        }
        return true;
    }

    /**
     * A transaction waits when a parent is neither in HEAD nor in a file that is taken; its whole file waits with it.
     * Parents have smaller ids, so going up decides at once what follows from what, but for files of many transactions.
     */
    private static List<CommitResult.LeftOut> leftOut(List<NewFile> files, Head head) throws IOException {
        List<NewFile> taken = new ArrayList<>(files);
        taken.sort(Comparator.comparing(NewFile::first));
        Map<TransactionId, Boolean> inHead = new HashMap<>();
        Map<TransactionId, Integer> holders = new HashMap<>();
        taken.forEach(file -> file.transactions().forEach(content -> holders.merge(content.id(), 1, Integer::sum)));
        List<CommitResult.LeftOut> all = new ArrayList<>();
        boolean changed = true;
        while (changed) {
            changed = false;
            List<NewFile> left = new ArrayList<>();
            for (NewFile file : taken) {
                Map<TransactionId, Set<TransactionId>> missing = missing(file, holders, head, inHead);
                if (missing.isEmpty()) {
                    left.add(file);
                    continue;
                }
                changed = true;
                for (NewFile.Content content : file.transactions()) {
                    holders.merge(content.id(), -1, Integer::sum);
                    all.add(new CommitResult.LeftOut(
                            content.id(), described(file), missing.getOrDefault(content.id(), Set.of())));
                }
            }
            taken = left;
        }
        all.sort(Comparator.comparing(CommitResult.LeftOut::transaction));
        return all;
    }

    private static Map<TransactionId, Set<TransactionId>> missing(
            NewFile file, Map<TransactionId, Integer> holders, Head head, Map<TransactionId, Boolean> inHead)
            throws IOException {
        Map<TransactionId, Set<TransactionId>> missing = new HashMap<>();
        for (NewFile.Content content : file.transactions()) {
            for (TransactionId parent : content.parents()) {
                if (holders.getOrDefault(parent, 0) == 0 && !has(parent, head, inHead)) {
                    missing.computeIfAbsent(content.id(), id -> new TreeSet<>()).add(parent);
                }
            }
        }
        return missing;
    }

    private static boolean has(TransactionId id, Head head, Map<TransactionId, Boolean> known) throws IOException {
        Boolean before = known.get(id);
        if (before == null) {
            before = head.has(id);
            known.put(id, before);
        }
        return before;
    }

    private static CommitPlan fold(List<NewFile> taken, List<NewFile> superfluous, List<CommitResult.LeftOut> leftOut) {
        Map<TransactionId, List<NewFile.Content>> variants = new HashMap<>();
        Map<TransactionId, List<NewFile.Content>> packed = new HashMap<>();
        for (NewFile file : taken) {
            for (NewFile.Content content : file.transactions()) {
                addDistinct(variants, content);
                if (file.isPack()) {
                    addDistinct(packed, content);
                }
            }
        }
        List<NewFile> whole = new ArrayList<>();
        List<NewFile> unneeded = new ArrayList<>(superfluous);
        Map<String, List<NewFile>> foldable = new TreeMap<>();
        for (NewFile file : taken) {
            boolean loose = file.isNamedByUs() && !file.isPack() && !file.staged();
            if (loose && file.transactions().stream().allMatch(content -> isIn(packed, content))) {
                unneeded.add(file); // an earlier commit made the pack and got no further
            } else if (loose
                    && file.transactions().stream()
                            .allMatch(content -> variants.getOrDefault(content.id(), List.of())
                                            .size()
                                    == 1)) {
                foldable.computeIfAbsent(file.directory(), d -> new ArrayList<>())
                        .add(file);
            } else {
                whole.add(file);
            }
        }
        List<List<NewFile>> folds = new ArrayList<>();
        foldable.values().forEach(files -> group(files, folds, whole));
        return new CommitPlan(folds, whole, unneeded, leftOut);
    }

    private static void addDistinct(Map<TransactionId, List<NewFile.Content>> to, NewFile.Content content) {
        if (!isIn(to, content)) {
            to.computeIfAbsent(content.id(), id -> new ArrayList<>()).add(content);
        }
    }

    private static boolean isIn(Map<TransactionId, List<NewFile.Content>> all, NewFile.Content content) {
        return all.getOrDefault(content.id(), List.of()).stream().anyMatch(content::isSameAs);
    }

    /** Parts files of one directory into packs; what is left alone stays as it is. */
    static void group(List<NewFile> files, List<List<NewFile>> folds, List<NewFile> whole) {
        files.sort(Comparator.comparing(NewFile::first));
        List<NewFile> group = new ArrayList<>();
        long bytes = 0;
        int transactions = 0;
        for (NewFile file : files) {
            boolean full = transactions + file.transactions().size() > PACK || bytes + file.size() > Limits.FILE;
            if (full && !group.isEmpty()) {
                close(group, folds, whole);
                group = new ArrayList<>();
                bytes = 0;
                transactions = 0;
            }
            group.add(file);
            bytes += file.size();
            transactions += file.transactions().size();
        }
        close(group, folds, whole);
    }

    /** A pack is never of one transaction; a single file is as good as a pack. */
    private static void close(List<NewFile> group, List<List<NewFile>> folds, List<NewFile> whole) {
        if (group.size() > 1 && ids(group).size() > 1) {
            folds.add(List.copyOf(group));
        } else {
            whole.addAll(group);
        }
    }

    private static Set<TransactionId> ids(Collection<NewFile> files) {
        Set<TransactionId> ids = new TreeSet<>();
        files.forEach(file -> file.transactions().forEach(content -> ids.add(content.id())));
        return ids;
    }

    private static String described(NewFile file) {
        return "events/" + file.path();
    }

    /** Every file that is committed, as it is or within a pack. */
    List<NewFile> committed() {
        List<NewFile> all = new ArrayList<>(whole);
        folds.forEach(all::addAll);
        return all;
    }

    /** How many transactions come, each counted once. */
    long transactions() {
        return ids(committed()).size();
    }

    /** How many events come, each counted once. */
    long events() {
        Map<TransactionId, Integer> events = new HashMap<>();
        committed().forEach(file -> file.transactions().forEach(content -> events.put(content.id(), content.events())));
        return events.values().stream().mapToLong(Integer::longValue).sum();
    }
}
