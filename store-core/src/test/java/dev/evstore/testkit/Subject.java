package dev.evstore.testkit;

import dev.evstore.core.EventStore;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.TransactionId;
import java.util.Collection;

/** A store under test, and the hand that does to it what git does to files. */
public interface Subject extends AutoCloseable {

    EventStore store();

    /** Brings these copies, and makes the store look. A copy may be another variant or a redaction of one that is here. */
    void arrive(Collection<Transaction> foreign);

    /** Takes away every copy of these, whoever wrote them, and makes the store look. */
    void retract(Collection<TransactionId> ids);

    @Override
    default void close() {
        store().close();
    }
}
