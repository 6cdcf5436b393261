package dev.evstore.core.append;

import dev.evstore.core.Append;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.HybridClock;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.TransactionId;
import java.util.Random;

/** What becomes of an append. */
public sealed interface AppendDecision {

    /**
     * It is to be published.
     *
     * @param transaction its bytes, already checked
     */
    record Publish(Transaction transaction) implements AppendDecision {}

    /**
     * Its command is known: nothing is to be written.
     *
     * @param first the transaction that the command stands for
     */
    record AlreadyApplied(TransactionId first) implements AppendDecision {}

    /**
     * Decides. Has no effect but on clock and randomness.
     *
     * @param sequence the number the replica's transaction gets, from 1
     * @throws dev.evstore.core.WrongExpectedVersionException naming every stream that moved
     * @throws dev.evstore.core.CommandReusedException the command was used for other streams, types or data
     * @throws dev.evstore.core.StreamReadOnlyException a stream to be written has a transaction of a newer format
     * @throws IllegalArgumentException the append breaks a rule or limit of the format
     */
    static AppendDecision decide(
            Append append, StoreView store, HybridClock clock, Random random, ReplicaId replica, long sequence) {
        throw new UnsupportedOperationException();
    }
}
