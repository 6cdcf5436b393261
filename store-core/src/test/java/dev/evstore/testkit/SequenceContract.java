package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.StoreStatus;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.ReplicaSequence;
import dev.evstore.core.id.ReplicaId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What status tells of the numbers that replicas give their transactions (rule G8). */
public abstract class SequenceContract extends StoreContract {

    private static Transaction numbered(ReplicaId replica, int at, long number) {
        return Foreign.at(at)
                .by(replica)
                .numbered(number)
                .free("log")
                .event("log", "Noted")
                .build();
    }

    private static Transaction numbered(long number) {
        return numbered(Foreign.REPLICA, (int) (1000 + number), number);
    }

    private void expect(ReplicaSequence... expected) {
        StoreStatus status = store().status();
        assertEquals(List.of(expected), status.sequences());
        assertEquals(0, status.moreSequences());
        assertTrue(status.isClean(), "information: it blocks nothing");
    }

    private static ReplicaSequence sequence(long newest, long missing, long shared) {
        return new ReplicaSequence(Foreign.REPLICA, newest, missing, shared);
    }

    @Test
    void aReplicaWithoutGapsIsNotWorthAWord() { // G8
        store().append(stream("a"), ExpectedVersion.current(), event("Opened"));
        store().append(stream("a"), ExpectedVersion.current(), event("Changed"));
        arrive(numbered(2));
        arrive(numbered(1), numbered(3));
        expect();
    }

    @Test
    void gapsAreCountedUntilTheyAreClosed() { // G8
        arrive(numbered(3), numbered(7));
        expect(sequence(7, 5, 0));
        arrive(numbered(5));
        expect(sequence(7, 4, 0));
        arrive(numbered(4));
        expect(sequence(7, 3, 0));
        arrive(numbered(6));
        expect(sequence(7, 2, 0));
        arrive(numbered(1));
        expect(sequence(7, 1, 0));
        arrive(numbered(2));
        expect();
    }

    @Test
    void whatIsRetractedLeavesAGapOrAnEnd() { // G8
        for (int number = 1; number <= 6; number++) {
            arrive(numbered(number));
        }
        retract(numbered(4).header().id());
        expect(sequence(6, 1, 0));
        retract(numbered(2).header().id());
        expect(sequence(6, 2, 0));
        retract(numbered(6).header().id());
        expect(sequence(5, 2, 0));
        retract(numbered(5).header().id());
        expect(sequence(3, 1, 0));
        retract(numbered(3).header().id());
        expect();
        retract(numbered(1).header().id());
        expect();
    }

    @Test
    void aNumberOnSeveralTransactionsIsSharedOnce() { // G8
        Transaction second = numbered(Foreign.REPLICA, 1, 2);
        Transaction third = numbered(Foreign.REPLICA, 2, 2);
        arrive(numbered(1), numbered(2), numbered(3));
        arrive(second);
        expect(sequence(3, 0, 1));
        arrive(third);
        expect(sequence(3, 0, 1));
        retract(numbered(2).header().id());
        expect(sequence(3, 0, 1));
        retract(second.header().id());
        expect();
        retract(third.header().id());
        expect(sequence(3, 1, 0));
    }

    @Test
    void anyNumberIsCounted() { // G8
        long greatest = 999_999_999_999_999_999L;
        arrive(numbered(Foreign.REPLICA, 1, greatest), numbered(Foreign.REPLICA, 2, greatest));
        expect(sequence(greatest, greatest - 1, 1));
    }

    @Test
    void replicasBeyondTheLimitAreCounted() { // G8
        Transaction[] many = new Transaction[StoreStatus.MAX_SEQUENCES + 5];
        for (int k = 0; k < many.length; k++) {
            many[k] = numbered(new ReplicaId(new UUID(k % 2 == 0 ? k : -k, k)), 1 + k, 2);
        }
        arrive(many);
        StoreStatus status = store().status();
        assertEquals(StoreStatus.MAX_SEQUENCES, status.sequences().size());
        assertEquals(5, status.moreSequences());
        assertEquals(
                status.sequences().stream()
                        .map(sequence -> sequence.replica().toString())
                        .sorted()
                        .toList(),
                status.sequences().stream()
                        .map(sequence -> sequence.replica().toString())
                        .toList());
    }
}
