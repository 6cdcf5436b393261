package dev.evstore.fs.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.AppendedAll;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.WriteFailedException;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Appends and resolutions. */
final class Writing {

    private static final List<StreamId> STREAMS =
            List.of(StreamId.of("a/0"), StreamId.of("a/1"), StreamId.of("b/0"), StreamId.of("b/1"));

    private static final int MOST_IN_A_ROW = 5;

    private Writing() {}

    /** One append; with a command sometimes, which is tried until it is acknowledged, whatever happens. */
    static void append(World world, Replica replica, Random random) throws IOException {
        replica.store().refresh();
        List<TransactionHeader> before = replica.visible();
        String command = random.nextInt(4) == 0 ? "c" + world.number() : null;
        Append append = anyAppend(world, replica, random);
        if (command == null) {
            acknowledged(world, replica, before, append(replica, before, append));
            return;
        }
        Append first = append.command(command);
        AppendResult result;
        try {
            result = append(replica, before, first);
        } catch (WriteFailedException | SimulatedDisk.Stopped e) {
            replica.disk().disarm();
            if (replica.disk().isOff()) {
                replica.recover(random);
            }
            replica.store().refresh();
            before = replica.visible(); // a power cut may have taken some
            result = replica.store().append(withoutExpectations(first));
            world.say("again, " + (result.alreadyApplied() ? "and it was there" : "and it was not there"));
        }
        acknowledged(world, replica, before, result);
        long times = replica.visible().stream()
                .filter(header -> command.equals(header.command()))
                .map(TransactionHeader::id)
                .distinct()
                .count();
        assertEquals(1, times, "A6: a command that was tried until it was acknowledged");
    }

    /** The same, but for what it expects: that may have moved meanwhile. */
    private static Append withoutExpectations(Append append) {
        Map<StreamId, ExpectedVersion> current = new LinkedHashMap<>();
        append.expectations().keySet().forEach(stream -> current.put(stream, ExpectedVersion.current()));
        return new Append(current, append.events(), Map.of(), append.command(), append.meta());
    }

    private static AppendResult append(Replica replica, List<TransactionHeader> before, Append append)
            throws IOException {
        try {
            return replica.store().append(append);
        } catch (WriteFailedException e) {
            if (e.outcome() == WriteFailedException.Outcome.NOTHING_WRITTEN) {
                assertEquals(ids(before), ids(replica.visible()), "A2: nothing was written");
            }
            throw e;
        }
    }

    private static Set<TransactionId> ids(List<TransactionHeader> headers) {
        Set<TransactionId> ids = new HashSet<>();
        headers.forEach(header -> ids.add(header.id()));
        return ids;
    }

    private static void acknowledged(World world, Replica replica, List<TransactionHeader> before, AppendResult result)
            throws IOException {
        replica.acknowledge(result.transaction());
        world.say(replica.name() + " appended " + result.transaction());
        if (!result.alreadyApplied()) {
            before.forEach(header -> assertTrue(
                    result.transaction().compareTo(header.id()) > 0,
                    () -> "I1: " + result.transaction() + " was made where " + header.id() + " was visible"));
        }
    }

    private static Append anyAppend(World world, Replica replica, Random random) {
        StreamId stream = STREAMS.get(random.nextInt(STREAMS.size()));
        Append append = Append.to(stream, expected(replica, stream, random), events(world, random));
        StreamId other = STREAMS.get(random.nextInt(STREAMS.size()));
        if (!other.equals(stream) && random.nextInt(3) == 0) {
            append = append.and(other, expected(replica, other, random), events(world, random));
        } else if (!other.equals(stream) && random.nextInt(4) == 0) {
            append = append.reading(other, replica.store().read(other).state());
        }
        return append;
    }

    private static NewEvent[] events(World world, Random random) {
        NewEvent[] events = new NewEvent[random.nextInt(3) > 0 ? 1 : 2];
        for (int k = 0; k < events.length; k++) {
            NewEvent event = NewEvent.of("T" + random.nextInt(3), "{\"n\":" + world.number() + "}");
            events[k] = random.nextInt(3) == 0 ? event.tags("x") : event;
        }
        return events;
    }

    /** Something that holds. */
    private static ExpectedVersion expected(Replica replica, StreamId stream, Random random) {
        StreamState state = replica.store().read(stream).state();
        return switch (random.nextInt(6)) {
            case 0 -> ExpectedVersion.any();
            case 1 -> ExpectedVersion.exactly(state.version().value());
            case 2 -> ExpectedVersion.unchanged(state);
            case 3 -> state.version().value() == 0 ? ExpectedVersion.noStream() : ExpectedVersion.exists();
            default -> ExpectedVersion.current();
        };
    }

    /** Several at once, in one file. */
    static void appendMany(World world, Replica replica, Random random) throws IOException {
        replica.store().refresh();
        List<TransactionHeader> before = replica.visible();
        List<Append> appends = new ArrayList<>();
        for (int k = 0; k < 2 + random.nextInt(MOST_IN_A_ROW - 1); k++) {
            StreamId stream = STREAMS.get(random.nextInt(STREAMS.size()));
            appends.add(Append.to(stream, ExpectedVersion.current(), events(world, random)));
        }
        AppendedAll done = replica.store().appendAll(appends);
        for (AppendResult result : done.results()) {
            acknowledged(world, replica, before, result);
        }
        if (done.failure() != null) {
            throw done.failure();
        }
    }

    /** Resolves all forks that are whole, in one of two ways: replicas that differ make forks of merges. */
    static void reconcile(World world, Replica replica, Random random) throws IOException {
        boolean accept = random.nextInt(4) == 0;
        ReconcileOptions options = accept ? ReconcileOptions.all().acceptingMissing() : ReconcileOptions.all();
        reconcile(world, replica, resolver(random.nextInt(2)), options);
    }

    static ReconcileReport reconcile(World world, Replica replica, Resolver resolver, ReconcileOptions options)
            throws IOException {
        ReconcileReport report = replica.store().reconcile(resolver, options);
        for (ReconcileReport.Resolved resolved : report.resolved()) {
            replica.acknowledge(resolved.transaction());
            world.say(replica.name() + " resolved " + resolved.streams() + " by " + resolved.transaction());
        }
        return report;
    }

    /** Says on each stream how many branches there were, as a function of the context and nothing else. */
    static Resolver resolver(int way) {
        return fork -> {
            Resolution.Resolve resolve = Resolution.canonicalOrder();
            for (var stream : fork.streams()) {
                if (way == 0) {
                    resolve = resolve.and(
                            stream.id(),
                            NewEvent.of(
                                    "Resolved",
                                    "{\"branches\":" + stream.branches().size() + "}"));
                }
            }
            return resolve;
        };
    }
}
