package dev.evstore.fs;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.Finding;
import dev.evstore.core.GitRefusedException;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.git.GitRepository;
import dev.evstore.fs.git.Merging;
import dev.evstore.fs.git.MissingEvents;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.worktree.GitDirectory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A merge, and what is told of it. Appends go on; another commit or merge of evstore's waits.
 */
final class Merge {

    /** How often it is planned anew because somebody commits at the same time. */
    private static final int MAX_TRIES = 5;

    private static final int MAX_TOLD = 1_000;

    private final FileEventStore store;
    private final OwnCommits commits;
    private final GitDirectory git;
    private final StoreLayout layout;
    private final boolean exchanging;
    private final Consumer<Merging.Step> reached;

    /**
     * @param exchanging whether it is a part of an exchange with a remote
     * @param reached hears of each step
     */
    Merge(FileEventStore store, GitDirectory git, boolean exchanging, Consumer<Merging.Step> reached) {
        this.store = store;
        this.commits = new OwnCommits(store, git);
        this.git = git;
        this.layout = store.opened().layout();
        this.exchanging = exchanging;
        this.reached = reached;
    }

    MergeReport run(String name) {
        return commits.alone(() -> merge(name));
    }

    private MergeReport merge(String name) {
        try (GitRepository repository = GitRepository.open(git, layout);
                MissingEvents compared = new MissingEvents(repository)) {
            commits.lookAndRequireAll();
            FeedCursor start = store.feedEnd();
            Merging.Merged merged = merged(repository, name);
            store.refresh();
            Counts counts = count(
                    start,
                    merged.outcome() == Merging.Outcome.UP_TO_DATE
                            ? Set.of()
                            : compared.brought(merged.before(), merged.theirs()));
            List<MissingEvents.File> missing = compared.missing(merged.theirs(), merged.head(), store::notVisible);
            return new MergeReport(
                    MergeReport.Outcome.valueOf(merged.outcome().name()),
                    merged.head(),
                    new MergeReport.Arrived(counts.transactions.size(), counts.events, counts.late),
                    counts.retracted,
                    told(missing, merged, compared),
                    Math.max(0, missing.size() - MAX_TOLD),
                    merged.conflicts(),
                    elsewhere(merged, compared, repository.prefix()),
                    new ReconcileReport(List.of(), List.of()),
                    CommitResult.nothing(),
                    store.status());
        }
    }

    private Merging.Merged merged(GitRepository repository, String name) {
        Merging merging = new Merging(repository, layout, store.opened().disk(), exchanging, reached);
        for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
            Merging.Plan plan = merging.plan(name);
            Optional<Merging.Merged> merged = merging.apply(plan);
            if (merged.isPresent()) {
                return merged.get();
            }
        }
        throw new GitRefusedException(
                "The branch moved each time while it was merged into; nothing is lost.",
                git.workTree().toString(),
                "repeat when nobody commits there",
                null);
    }

    private static final class Counts {
        private final Set<TransactionId> transactions = new HashSet<>();
        private long events;
        private long late;
        private long retracted;
    }

    /** What the feed tells since: whoever took the files in, and whatever was appended meanwhile. */
    private Counts count(FeedCursor start, Set<TransactionId> brought) {
        Counts counts = new Counts();
        FeedCursor at = start;
        FeedPage page;
        do {
            page = store.readFeed(at, EventFilter.all(), FileEventStore.MAX_PAGE);
            for (FeedEntry entry : page.entries()) {
                if (entry instanceof FeedEntry.Arrival arrival) {
                    TransactionId id = arrival.event().id().transaction();
                    if (brought.contains(id)) {
                        counts.transactions.add(id);
                        counts.events++;
                        counts.late += arrival.late() ? 1 : 0;
                    }
                } else {
                    counts.retracted++;
                }
            }
            at = page.next();
        } while (!page.atEnd());
        return counts;
    }

    private static List<Finding> elsewhere(Merging.Merged merged, MissingEvents compared, String events) {
        return compared.elsewhere(merged.before(), merged.head()).stream()
                .limit(MAX_TOLD)
                .map(path -> new Finding(
                        Finding.Code.EVENTS_ELSEWHERE,
                        "The merge brought an event file to where no store is: a directory above the store was renamed on"
                                + " one side.",
                        path,
                        "git mv it to " + events + path.substring(path.indexOf("events/") + "events".length())
                                + " and commit that"))
                .toList();
    }

    private static List<MergeReport.Missing> told(
            List<MissingEvents.File> missing, Merging.Merged merged, MissingEvents compared) {
        if (missing.isEmpty()) {
            return List.of();
        }
        List<MissingEvents.File> told = missing.subList(0, Math.min(MAX_TOLD, missing.size()));
        Map<String, String> removers = compared.removers(merged.head(), told);
        List<MergeReport.Missing> result = new ArrayList<>();
        for (MissingEvents.File file : told) {
            result.add(
                    new MergeReport.Missing(file.path(), List.copyOf(file.transactions()), removers.get(file.path())));
        }
        return result;
    }
}
