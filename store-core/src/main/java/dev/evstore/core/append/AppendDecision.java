package dev.evstore.core.append;

import dev.evstore.core.Append;
import dev.evstore.core.CommandReusedException;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.ForkPolicy;
import dev.evstore.core.StreamForkedException;
import dev.evstore.core.StreamForkedException.Forked;
import dev.evstore.core.StreamReadOnlyException;
import dev.evstore.core.WrongExpectedVersionException;
import dev.evstore.core.WrongExpectedVersionException.Moved;
import dev.evstore.core.format.Limits;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.HybridClock;
import dev.evstore.core.id.Names;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.List;
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
     * Decides. Has no effect but on clock and randomness. Several appends can be decided one after the other, each on a
     * view that already shows those before it.
     *
     * @param sequence the number the replica's transaction gets, from 1
     * @throws dev.evstore.core.WrongExpectedVersionException naming every stream that moved
     * @throws dev.evstore.core.StreamForkedException naming every stream that is forked, if the append rejects forks
     * @throws dev.evstore.core.CommandReusedException the command was used for other streams, types or data
     * @throws dev.evstore.core.StreamReadOnlyException a stream to be written has a transaction of a newer format
     * @throws IllegalArgumentException the append breaks a rule or limit of the format
     */
    static AppendDecision decide(
            Append append, StoreView store, HybridClock clock, Random random, ReplicaId replica, long sequence) {
        refuseReservedNames(append);
        String command = append.command();
        if (command != null) {
            refuseCommandOfWrongLength(command);
            Transaction first = store.command(command);
            if (first != null) {
                if (!Repetition.of(append, first)) {
                    throw new CommandReusedException(command, first.header().id());
                }
                return new AlreadyApplied(first.header().id());
            }
        }
        refuseReadOnlyStreams(append, store);
        refuseMovedStreams(append, store);
        if (append.forks() == ForkPolicy.REJECT) {
            refuseForkedStreams(append, store);
        }
        return new Publish(new Stamp(store, clock, random, replica).transaction(append, sequence));
    }

    private static void refuseReservedNames(Append append) {
        for (Append.Entry entry : append.events()) {
            if (entry.stream().reserved()) {
                throw new IllegalArgumentException("stream name "
                        + Names.quoted(entry.stream().value()) + ": a leading $ is reserved for the store");
            }
            if (entry.event().type().reserved()) {
                throw new IllegalArgumentException("event type "
                        + Names.quoted(entry.event().type().value()) + ": a leading $ is reserved for the store");
            }
        }
    }

    private static void refuseCommandOfWrongLength(String command) {
        int length = command.codePointCount(0, command.length());
        if (length < 1 || length > Limits.COMMAND) {
            throw new IllegalArgumentException("a command has 1 to " + Limits.COMMAND + " code points, not " + length);
        }
    }

    /** Free appends too: what a newer transaction did to the stream is not for this version to judge (rule V3). */
    private static void refuseReadOnlyStreams(Append append, StoreView store) {
        append.expectations().keySet().forEach(stream -> {
            TransactionId newer = store.newerWriter(stream);
            if (newer != null) {
                throw new StreamReadOnlyException(stream, newer);
            }
        });
    }

    private static void refuseMovedStreams(Append append, StoreView store) {
        List<Moved> moved = new ArrayList<>();
        append.expectations().forEach((stream, expected) -> {
            StreamState actual = store.state(stream);
            if (!expected.holdsFor(actual)) {
                moved.add(new Moved(stream, expected, actual));
            }
        });
        append.reads().forEach((stream, seen) -> {
            StreamState actual = store.state(stream);
            if (!actual.equals(seen)) {
                moved.add(new Moved(stream, ExpectedVersion.unchanged(seen), actual));
            }
        });
        if (!moved.isEmpty()) {
            throw new WrongExpectedVersionException(moved);
        }
    }

    private static void refuseForkedStreams(Append append, StoreView store) {
        List<Forked> forked = new ArrayList<>();
        append.expectations().forEach((stream, expected) -> {
            List<TransactionId> heads = expected instanceof ExpectedVersion.Any ? List.of() : store.heads(stream);
            if (heads.size() > 1) {
                forked.add(new Forked(stream, heads));
            }
        });
        if (!forked.isEmpty()) {
            throw new StreamForkedException(forked);
        }
    }
}
