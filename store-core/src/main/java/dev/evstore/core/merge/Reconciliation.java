package dev.evstore.core.merge;

import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.ReconcileReport.Resolved;
import dev.evstore.core.ReconcileReport.Unresolved;
import dev.evstore.core.ReconcileReport.Why;
import dev.evstore.core.append.StoreView;
import dev.evstore.core.format.MergeSize;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.Fork;
import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.merge.ForkSource.Published;
import dev.evstore.core.reconcile.ForkContext;
import dev.evstore.core.reconcile.ForkMovedException;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a store's forks. Each unit is shown to the resolver while the store goes on; what the resolver says
 * becomes a merge transaction, published only if the unit's heads are still those it was shown (else it is asked again).
 * A stream is dealt with once, so the pass ends whatever others write meanwhile.
 */
public final class Reconciliation {

    /** How often a unit is tried whose heads change while the resolver thinks. */
    static final int TRIES = 5;

    private final ForkSource store;
    private final Resolver resolver;
    private final ReconcileOptions options;
    private final ToIntFunction<SortedMap<StreamId, List<TransactionId>>> fits;
    private final Deque<Task> tasks = new ArrayDeque<>();
    private final List<Resolved> resolved = new ArrayList<>();
    private final List<Unresolved> unresolved = new ArrayList<>();
    private final Set<StreamId> left = new HashSet<>();
    private final long followedUntil;

    Reconciliation(
            ForkSource store,
            Resolver resolver,
            ReconcileOptions options,
            ToIntFunction<SortedMap<StreamId, List<TransactionId>>> fits) {
        this.store = store;
        this.resolver = resolver;
        this.options = options;
        this.fits = fits;
        // Asked once: what one look calls followed the next must not call far.
        this.followedUntil = store.followedUntil();
    }

    private record Task(ForkUnit unit, int tries) {}

    /** Reconciles what the options select. */
    public static ReconcileReport run(ForkSource store, Resolver resolver, ReconcileOptions options) {
        return new Reconciliation(store, resolver, options, MergeSize::prefix).run();
    }

    ReconcileReport run() {
        for (ForkUnit unit : store.forks()) {
            if (options.streams().isEmpty() || !Collections.disjoint(options.streams(), unit.streams())) {
                tasks.add(new Task(unit, 1));
            }
        }
        for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
            take(task);
        }
        return new ReconcileReport(resolved, unresolved);
    }

    /** What one transaction can hold of the unit is resolved; the rest is one unit, or several, behind it (rule V4). */
    private void take(Task task) {
        List<Fork> forks = task.unit().forks();
        int fitting = fits.applyAsInt(Merge.heads(task.unit()));
        if (fitting == 0) {
            // Alone it would stay for ever, and so would all that hangs together with it.
            leave(new ForkUnit(forks.subList(0, 1)), Why.TOO_LARGE, "it has too many heads for one merge transaction");
            addRest(forks.subList(1, forks.size()));
            return;
        }
        Outcome outcome = settle(new ForkUnit(forks.subList(0, fitting)), task);
        List<Fork> rest = forks.subList(fitting, forks.size());
        if (outcome == Outcome.RESOLVED) {
            addRest(rest);
        } else if (outcome == Outcome.LEFT && !rest.isEmpty()) {
            leave(
                    new ForkUnit(rest),
                    Why.TOO_LARGE,
                    "its unit is too large for one merge transaction, and the unit's first streams stay forked");
        }
    }

    private void addRest(List<Fork> forks) {
        ForkUnit.of(forks).forEach(unit -> tasks.add(new Task(unit, 1)));
    }

    private enum Outcome {
        RESOLVED,
        LEFT,
        AGAIN
    }

    /**
     * @param unit what is resolved of the task's unit
     */
    private Outcome settle(ForkUnit unit, Task task) {
        Begun begun = store.look(view -> begin(unit, view));
        if (begun.hindrance() != null) {
            return leave(unit, begun.hindrance().why(), begun.hindrance().reason());
        }
        if (begun.merge() == null) {
            return again(task);
        }
        Resolution said;
        try {
            said = resolver.resolve(ForkContext.of(unit, store));
        } catch (ForkMovedException e) {
            return again(task);
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
            return leave(unit, Why.FAILED, "the resolver failed: " + e);
        }
        if (said instanceof Resolution.Unresolvable no) {
            return leave(unit, Why.UNRESOLVABLE, no.reason());
        }
        return said instanceof Resolution.Resolve resolve
                ? publish(unit, begun.merge(), resolve, task)
                : leave(unit, Why.MISTAKE, "the resolver returned nothing");
    }

    /** Neither, if the unit is no more what it was. */
    private record Begun(@Nullable Merge merge, @Nullable Hindrance hindrance) {}

    private Begun begin(ForkUnit unit, StoreView view) {
        if (!Merge.isCurrent(unit, view)) {
            return new Begun(null, null);
        }
        Hindrance hindrance = Hindrance.of(unit, view, followedUntil, options.acceptMissing());
        return hindrance == null ? new Begun(Merge.of(unit, view), null) : new Begun(null, hindrance);
    }

    private Outcome publish(ForkUnit unit, Merge merge, Resolution.Resolve resolve, Task task) {
        Transaction transaction;
        try {
            transaction = merge.transaction(resolve);
        } catch (IllegalArgumentException e) {
            return leave(unit, Why.MISTAKE, String.valueOf(e.getMessage()));
        }
        Published published = options.dryRun()
                ? Published.WRITTEN
                : store.publish(
                        transaction,
                        view -> merge.stands(view)
                                && Hindrance.of(unit, view, followedUntil, options.acceptMissing()) == null);
        if (published == Published.MOVED) {
            return again(task);
        }
        resolved.add(new Resolved(
                unit.streams(),
                transaction.header().id(),
                transaction.header().events().size(),
                published == Published.THERE));
        return Outcome.RESOLVED;
    }

    /** Its heads changed: what has become of the unit comes once more, if it is still forked. */
    private Outcome again(Task task) {
        if (task.tries() == TRIES) {
            return leave(task.unit(), Why.MOVED, "its heads changed each time it was about to be written");
        }
        for (ForkUnit unit : store.forks()) {
            if (!Collections.disjoint(task.unit().streams(), unit.streams())
                    && Collections.disjoint(left, unit.streams())) {
                tasks.addFirst(new Task(unit, task.tries() + 1));
            }
        }
        return Outcome.AGAIN;
    }

    private Outcome leave(ForkUnit unit, Why why, String reason) {
        unresolved.add(new Unresolved(unit.streams(), why, reason));
        left.addAll(unit.streams());
        return Outcome.LEFT;
    }
}
