package dev.evstore.cli.render;

import dev.evstore.cli.Problem;
import dev.evstore.core.AppendResult;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.Finding;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.RefreshReport;
import dev.evstore.core.StoreStatus;
import dev.evstore.core.StoredTransaction;
import dev.evstore.core.StreamInfo;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.StaleRead;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.projection.FailedEvent;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.fs.CommitResult;
import dev.evstore.fs.HooksReport;
import dev.evstore.fs.MergeReport;
import dev.evstore.fs.PackResult;
import dev.evstore.fs.ReindexResult;
import dev.evstore.fs.ResolveReport;
import dev.evstore.fs.StoredView;
import dev.evstore.fs.SyncReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns results into what is printed, without the last line end. All of it is safe on a terminal. */
public sealed interface Renderer permits JsonRenderer, TextRenderer {

    /** Text of our own that may hold names. */
    default String plain(String text) {
        return Escapes.escape(text);
    }

    String hooks(HooksReport report);

    String made(String directory, ReplicaId replica);

    String appended(AppendResult result);

    String imported(long transactions, long events);

    String event(StoredEvent event);

    /** An event on its own, so with its stream. */
    String found(StoredEvent event);

    String transaction(StoredTransaction transaction);

    /**
     * A line of the log.
     *
     * @param head whether nothing names it as parent
     */
    String logged(TransactionHeader header, boolean head);

    /** A script for a shell. */
    String script(String text);

    String entry(FeedEntry entry);

    String stream(StreamInfo stream);

    /**
     * @param staleReads null if nobody asked
     */
    String status(StoreStatus status, @Nullable List<StaleRead> staleReads);

    /**
     * @param files the event files that came back, as paths from the store's directory
     */
    String restored(List<String> files, long transactions);

    String resolved(ResolveReport report);

    String synced(SyncReport report);

    /**
     * @param ref what was merged, as the user named it
     */
    String merged(String ref, MergeReport report);

    /**
     * @param ref the commit whose transactions were brought back
     * @param files the event files that came, as paths from the store's directory
     */
    String restored(String ref, List<String> files, long transactions);

    String committed(CommitResult result);

    /**
     * @param arrived what a look at the files found before
     * @param status where the store stands afterwards
     */
    String reconciled(RefreshReport arrived, ReconcileReport report, StoreStatus status, boolean dryRun);

    /**
     * @param unit forks that are resolved together
     */
    String fork(List<ForkView> unit);

    String digest(Digest digest);

    String finding(Finding finding);

    /**
     * @param findings how many there are, all printed before
     */
    String verified(int findings);

    String reindexed(ReindexResult result);

    String packed(PackResult result);

    /**
     * @param declared whether the store's file declares it; else an application keeps it, or a file that said something else
     */
    String projection(String name, boolean declared);

    /**
     * @param failures events that could not be folded, parked ones first
     */
    String projection(ProjectionStatus status, List<FailedEvent> failures);

    String row(StoredView row);

    /**
     * @param request what a projection's host will do
     */
    String asked(String projection, String request);

    /** What was kept of a projection is removed. */
    String forgotten(String projection);

    /**
     * @param address where the server listens
     */
    String serving(String address, List<String> projections);

    /** Where one stands from now on. */
    String turned(ProjectionStatus status);

    /** What the demonstration does or finds. */
    String step(String text);

    String problem(Problem problem);
}
