package dev.evstore.fs.git;

import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Merges two trees path by path, and looks into nothing that only one side has changed. No renames: event files never
 * move, and guessing that they did makes conflicts of them (rule K2).
 *
 * <p>Event files are never in conflict. What one side deleted and the other changed stays; what stands under one name with
 * different bytes is kept twice, ours under that name and theirs under one after its bytes. The store's two files for
 * git are what every evstore writes, if either side has them so.
 *
 * <p>Everything else that both sides changed is left to whoever merges contents.
 */
final class TreeMerge {

    /** A path that both sides changed, and not to the same. */
    record Clash(String path, Trees.@Nullable Entry base, Trees.@Nullable Entry ours, Trees.@Nullable Entry theirs) {}

    /**
     * @param changes what makes the merged tree of ours, but for the clashes, which are as we have them
     */
    record Result(SortedMap<String, Trees.@Nullable Entry> changes, List<Clash> clashes) {}

    private record At(
            String path,
            @Nullable ObjectId base,
            @Nullable ObjectId ours,
            @Nullable ObjectId theirs) {}

    private final ObjectReader reader;
    private final Trees trees;
    private final String events;
    private final ObjectId attributes;
    private final ObjectId ignore;
    private final SortedMap<String, Trees.@Nullable Entry> changes = new TreeMap<>();
    private final List<Clash> clashes = new ArrayList<>();
    private final Deque<At> waiting = new ArrayDeque<>();

    /**
     * @param events where the store's {@code events/} are, raw
     */
    TreeMerge(ObjectReader reader, String events) {
        this.reader = reader;
        this.trees = new Trees(reader);
        this.events = events;
        this.attributes = Blobs.id(StoreLayout.attributesBytes());
        this.ignore = Blobs.id(StoreLayout.ignoreBytes());
    }

    Result merge(@Nullable ObjectId base, @Nullable ObjectId ours, @Nullable ObjectId theirs) throws IOException {
        waiting.add(new At("", base, ours, theirs));
        while (!waiting.isEmpty()) {
            At at = waiting.remove();
            SortedMap<String, Trees.Entry> before = trees.entries(at.base());
            SortedMap<String, Trees.Entry> here = trees.entries(at.ours());
            SortedMap<String, Trees.Entry> there = trees.entries(at.theirs());
            for (String name : Trees.names(before, here, there)) {
                String path = RawPath.join(at.path(), name);
                Trees.requireShort(path);
                entry(path, before.get(name), here.get(name), there.get(name));
            }
            if (waiting.size() + changes.size() + clashes.size() > Trees.MAX_DIFFERENCES) {
                throw new Trees.TooMuch("more than " + Trees.MAX_DIFFERENCES + " paths differ");
            }
        }
        return new Result(changes, clashes);
    }

    private void entry(
            String path, Trees.@Nullable Entry base, Trees.@Nullable Entry ours, Trees.@Nullable Entry theirs)
            throws IOException {
        if (Objects.equals(ours, theirs) || Objects.equals(base, theirs)) {
            return;
        }
        if (Objects.equals(base, ours)) {
            changes.put(path, theirs);
        } else if (isTreeOrNothing(ours) && isTreeOrNothing(theirs)) {
            waiting.add(new At(path, Trees.subtree(base), Trees.subtree(ours), Trees.subtree(theirs)));
        } else if (RawPath.isEventFile(path, events) && isFileOrNothing(ours) && isFileOrNothing(theirs)) {
            eventFile(path, ours, theirs);
        } else if (!ownFile(path, ours, theirs)) {
            clashes.add(new Clash(path, base, ours, theirs));
        }
    }

    private static boolean isTreeOrNothing(Trees.@Nullable Entry entry) {
        return entry == null || entry.isTree();
    }

    private static boolean isFileOrNothing(Trees.@Nullable Entry entry) {
        return entry == null || entry.isFile();
    }

    private void eventFile(String path, Trees.@Nullable Entry ours, Trees.@Nullable Entry theirs) throws IOException {
        if (theirs == null || (ours != null && ours.id().equals(theirs.id()))) {
            return; // they deleted what we changed; or the file is but executable on one side
        }
        changes.put(ours == null ? path : StoreLayout.besides(path, Blobs.hash(reader, theirs.id())), theirs);
    }

    /** The two files that keep git's hands off event files: one of both sides has them as they must be. */
    private boolean ownFile(String path, Trees.@Nullable Entry ours, Trees.@Nullable Entry theirs) {
        ObjectId frozen = path.equals(events + "/.gitattributes")
                ? attributes
                : path.equals(events + "/.gitignore") ? ignore : null;
        if (frozen == null) {
            return false;
        }
        if (ours != null && ours.id().equals(frozen)) {
            return true;
        }
        if (theirs != null && theirs.id().equals(frozen)) {
            changes.put(path, theirs);
            return true;
        }
        return false;
    }
}
