package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.ReconcileReport.Why;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolver;

/** Forks at hand, and short ways to say things about them. */
public abstract class ForkedContract extends StoreContract {

    protected static final Resolver MERGED = fork -> Resolution.resolve(
            fork.streams().get(0).id(),
            event("Merged").meta("{\"by\":\"rule\"}").tags("t"));

    protected final ReconcileReport reconcile(Resolver resolver) {
        return store().reconcile(resolver, ReconcileOptions.all());
    }

    protected final TransactionId append(String stream, String type) {
        return store().append(stream(stream), ExpectedVersion.current(), event(type))
                .transaction();
    }

    protected final Transaction theirs(long millis, String stream, TransactionId... head) {
        return Foreign.at(millis).onto(stream, head).event(stream, "Theirs").build();
    }

    protected static Foreign after(TransactionId id) {
        return Foreign.withId(Foreign.id(id.millis() + 60_000, 0));
    }

    /** A fork of a stream, one head ours and one theirs. */
    protected final void fork(String stream) {
        TransactionId base = append(stream, "Base");
        append(stream, "Mine");
        arrive(after(base).onto(stream, base).event(stream, "Theirs").build());
        assertEquals(2, heads(stream).size());
    }

    protected static Why why(ReconcileReport report) {
        assertEquals(1, report.unresolved().size(), report::toString);
        return report.unresolved().get(0).why();
    }
}
