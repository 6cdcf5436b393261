package dev.evstore.core.append;

import dev.evstore.core.AppendResult;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.RefreshReport;
import dev.evstore.core.StoreObserver;
import java.util.function.Consumer;

/** Tells an application's observer, and lets nothing it throws through. Thread-safe if the observer is. */
public final class SafeObserver implements StoreObserver {

    private static final System.Logger LOG = System.getLogger("dev.evstore");

    private final StoreObserver told;

    public SafeObserver(StoreObserver told) {
        this.told = told;
    }

    @Override
    public void appended(AppendResult result) {
        tell("appended", observer -> observer.appended(result));
    }

    /** With all that follows from it; nothing if nothing came or went. */
    @Override
    public void refreshed(RefreshReport report) {
        if (report.equals(RefreshReport.NOTHING)) {
            return;
        }
        tell("refreshed", observer -> observer.refreshed(report));
        if (report.late() > 0) {
            tell("late", observer -> observer.late(report.late()));
        }
        if (report.retracted() > 0) {
            tell("retracted", observer -> observer.retracted(report.retracted()));
        }
    }

    @Override
    public void reconciled(ReconcileReport report) {
        tell("reconciled", observer -> observer.reconciled(report));
    }

    @Override
    public void rebuilding(long transactions) {
        tell("rebuilding", observer -> observer.rebuilding(transactions));
    }

    private void tell(String what, Consumer<StoreObserver> call) {
        try {
            call.accept(told);
        } catch (Throwable thrown) { // an Error too: what it was told of has happened, and its caller has to learn that
            LOG.log(System.Logger.Level.WARNING, "A store observer failed in " + what + "; the store goes on.", thrown);
        }
    }
}
