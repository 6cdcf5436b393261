package dev.evstore.fs.simulation;

import dev.evstore.core.id.TransactionId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** All commits of all clones, none of which is ever lost, and what event files hold. */
final class Commits {

    private final List<Commit> commits = new ArrayList<>(List.of(new Commit(0, new TreeMap<>())));
    private final Set<TransactionId> committed = new HashSet<>();
    private final Contents contents = new Contents();

    Contents contents() {
        return contents;
    }

    Commit first() {
        return commits.get(0);
    }

    List<Commit> all() {
        return commits;
    }

    /** The transactions in any of them. */
    Set<TransactionId> committed() {
        return committed;
    }

    Commit add(SortedMap<String, byte[]> files) throws IOException {
        Commit commit = new Commit(commits.size(), files);
        commits.add(commit);
        committed.addAll(contents.ids(commit.files().values()));
        return commit;
    }
}
