package dev.evstore.fs.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/** Which branches and working trees still have files that a commit has taken away. Not thread-safe. */
final class StillHolding {

    private static final int MOST_NAMED = 1_000;

    private final GitRepository git;
    private final EventTrees trees;
    private final Map<String, Set<String>> names = new TreeMap<>();
    private final Map<ObjectId, Boolean> known = new HashMap<>();

    /**
     * @param paths of the files, relative to {@code events/}
     */
    StillHolding(GitRepository git, EventTrees trees, Collection<String> paths) {
        this.git = git;
        this.trees = trees;
        for (String path : paths) {
            int end = path.lastIndexOf('/');
            names.computeIfAbsent(path.substring(0, Math.max(0, end)), directory -> new TreeSet<>())
                    .add(path.substring(end + 1));
        }
    }

    List<String> find() throws IOException {
        Repository repository = git.jgit();
        List<String> found = new ArrayList<>();
        try (RevWalk walk = new RevWalk(repository)) {
            for (Ref ref : repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS, Constants.R_REMOTES)) {
                if (!ref.isSymbolic() && holds(walk, ref.getObjectId())) {
                    found.add(Repository.shortenRefName(ref.getName()));
                }
            }
            for (Path other : others()) {
                if (holds(walk, head(other))) {
                    found.add("worktree " + workTree(other));
                }
            }
        }
        return found.subList(0, Math.min(MOST_NAMED, found.size()));
    }

    /** The directories in which git notes the state of the other working trees. */
    private List<Path> others() throws IOException {
        Path common = git.directory().common();
        Path mine = git.directory().path().normalize();
        List<Path> all = new ArrayList<>(List.of(common));
        Path linked = common.resolve("worktrees");
        if (Files.isDirectory(linked)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(linked)) {
                entries.forEach(all::add);
            }
        }
        all.removeIf(one -> one.normalize().equals(mine));
        return all;
    }

    private static String workTree(Path state) throws IOException {
        Path told = state.resolve("gitdir");
        Path file = Files.exists(told) ? Path.of(text(told)) : state;
        Path parent = file.getParent();
        return String.valueOf(parent == null ? file : parent);
    }

    private @Nullable ObjectId head(Path state) throws IOException {
        Path head = state.resolve("HEAD");
        if (!Files.isRegularFile(head)) {
            return null;
        }
        String text = text(head);
        if (text.startsWith("ref: ")) {
            Ref ref = git.jgit().exactRef(text.substring(5));
            return ref == null ? null : ref.getObjectId();
        }
        return ObjectId.isId(text) ? ObjectId.fromString(text) : null;
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8).strip();
    }

    private boolean holds(RevWalk walk, @Nullable ObjectId commit) throws IOException {
        if (commit == null) {
            return false;
        }
        EventTrees.Entry events = trees.find(walk.parseCommit(commit).getTree().copy(), git.prefix());
        if (events == null || !events.directory()) {
            return false;
        }
        Boolean before = known.get(events.id());
        if (before == null) {
            before = holds(events.id());
            known.put(events.id(), before);
        }
        return before;
    }

    private boolean holds(ObjectId events) throws IOException {
        for (Map.Entry<String, Set<String>> directory : names.entrySet()) {
            EventTrees.Entry there = trees.find(events, directory.getKey());
            if (there != null
                    && there.directory()
                    && trees.entries(there.id()).keySet().stream().anyMatch(directory.getValue()::contains)) {
                return true;
            }
        }
        return false;
    }
}
