package dev.evstore.core.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.ReconcileReport.Why;
import dev.evstore.core.StreamInfo;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.Replicas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Plays acts on replicas in memory, and remembers every transaction that ever was, so that nothing is lost for good. */
final class Play implements AutoCloseable {

    private static final List<StreamId> STREAMS =
            List.of(StreamId.of("a"), StreamId.of("b"), StreamId.of("c"), StreamId.of("d"));
    private static final Duration[] SKEWS = {
        Duration.ZERO, Duration.ofMillis(2), Duration.ofMinutes(-10), Duration.ofDays(3), Duration.ofDays(-365)
    };

    /** Two events that say what stood there: so every difference in what the resolver is shown shows in its bytes. */
    static final Resolver TELLING = fork -> {
        Resolution.Resolve resolution = Resolution.canonicalOrder();
        for (ForkedStream stream : fork.streams()) {
            StringBuilder told = new StringBuilder().append(stream.ancestorVersion());
            stream.ancestor().forEach(event -> told.append(' ').append(event.version()));
            for (Branch branch : stream.branches()) {
                told.append(" | ").append(branch.head().origin());
                branch.events().forEach(event -> told.append(' ').append(event.version()));
            }
            NewEvent event = NewEvent.of("Told", "\"" + told + "\"");
            int many = stream.heads().size() % 3;
            resolution = resolution.and(
                    stream.id(),
                    many == 0 ? new NewEvent[0] : many == 1 ? new NewEvent[] {event} : new NewEvent[] {event, event});
        }
        return resolution;
    };

    final Replicas replicas = Replicas.inMemory(3);
    private final Map<TransactionId, Transaction> ever = new TreeMap<>();
    private final List<Consumer> consumers = new ArrayList<>();

    Play() {
        for (int i = 0; i < replicas.size(); i++) {
            consumers.add(new Consumer());
        }
    }

    /** What somebody who follows a feed holds. */
    private static final class Consumer {
        private final Set<EventId> holds = new TreeSet<>();
        private FeedCursor at = FeedCursor.beginning();

        void read(EventStore store) {
            FeedPage page;
            do {
                page = store.readFeed(at, EventFilter.all(), 50);
                for (FeedEntry entry : page.entries()) {
                    if (entry instanceof FeedEntry.Arrival arrival) {
                        assertTrue(holds.add(arrival.event().id()), "told once");
                    } else if (entry instanceof FeedEntry.Retraction gone) {
                        holds.removeIf(id -> id.transaction().equals(gone.transaction()));
                    }
                }
                at = page.next();
            } while (!page.atEnd());
        }
    }

    void all(List<Act> acts) {
        for (Act act : acts) {
            replicas.clock().move(Duration.ofMillis(act.count() / 2));
            act(act);
            for (int i = 0; i < replicas.size(); i++) {
                replicas.replica(i)
                        .transactions()
                        .forEach(one -> ever.putIfAbsent(one.header().id(), one));
            }
            consumers.get(act.replica()).read(replicas.replica(act.replica()));
        }
    }

    private void act(Act act) {
        InMemoryEventStore store = replicas.replica(act.replica());
        switch (act.kind()) {
            case APPEND -> store.append(append(act, false));
            case APPEND_AND_NOTE -> store.append(append(act, true));
            case PULL -> replicas.pull(act.replica(), act.other());
            case PULL_ALL -> replicas.syncAll();
            case PICK ->
                replicas.pullSome(
                        act.replica(),
                        act.other(),
                        one -> Math.floorMod(one.header().id().hashCode(), 1 + act.count()) == 0);
            case RETRACT -> {
                List<Transaction> here = store.transactions();
                if (!here.isEmpty()) {
                    int which = here.size() - 1 - act.count() % here.size();
                    replicas.retract(act.replica(), here.get(which).header().id());
                }
            }
            case SKEW -> replicas.skew(act.replica(), SKEWS[act.count() % SKEWS.length]);
            case RECONCILE -> reconcile(act, act.count() % 2 == 0 ? TELLING : Resolvers.acceptOrder());
            case RECONCILE_OTHERWISE -> reconcile(act, otherwise(act.replica() + " " + act.count()));
            case RECONCILE_SOME ->
                reconcile(act, fork -> {
                    if (fork.streams().size() % 2 == act.count() % 2) {
                        throw new IllegalStateException("no idea");
                    }
                    return act.count() > 3 ? Resolution.unresolvable("ask") : Resolution.canonicalOrder();
                });
        }
    }

    static Resolver otherwise(String who) {
        return fork -> Resolution.resolve(
                fork.streams().get(0).id(),
                NewEvent.of("Otherwise", "\"" + who + "\"").tags("t"));
    }

    /** A resolved stream has one head where it was resolved, and what is left has a reason. */
    private void reconcile(Act act, Resolver resolver) {
        ReconcileReport report = replicas.reconcile(act.replica(), resolver);
        InMemoryEventStore store = replicas.replica(act.replica());
        report.resolved()
                .forEach(one -> one.streams()
                        .forEach(stream -> assertEquals(
                                List.of(one.transaction()), heads(store).get(stream))));
        report.unresolved()
                .forEach(one -> assertTrue(
                        Set.of(Why.UNRESOLVABLE, Why.FAILED, Why.INCOMPLETE).contains(one.why()), one::toString));
    }

    private static Append append(Act act, boolean notes) {
        Append append = null;
        for (int s = 0; s < STREAMS.size(); s++) {
            if ((act.streams() >> s & 1) == 1) {
                ExpectedVersion expected =
                        notes && (s + act.other()) % 2 == 0 ? ExpectedVersion.any() : ExpectedVersion.current();
                NewEvent event = NewEvent.of("Happened", String.valueOf(act.count()));
                NewEvent[] events = act.count() < 4 ? new NewEvent[] {event} : new NewEvent[] {event, event};
                append = append == null
                        ? Append.to(STREAMS.get(s), expected, events)
                        : append.and(STREAMS.get(s), expected, events);
            }
        }
        return Objects.requireNonNull(append);
    }

    /** Everybody gets everything that ever was. */
    void exchange() {
        for (int i = 0; i < replicas.size(); i++) {
            replicas.replica(i)
                    .transactions()
                    .forEach(one -> ever.putIfAbsent(one.header().id(), one));
        }
        for (int i = 0; i < replicas.size(); i++) {
            replicas.replica(i).ingest(ever.values());
        }
    }

    /** Whether a stream has more than one head that is a merge. */
    boolean isForkOfMerges() {
        return replicas.replica(0).forks().stream()
                .flatMap(unit -> unit.forks().stream())
                .anyMatch(fork ->
                        fork.heads().stream().filter(TransactionId::isMerge).count() > 1);
    }

    /** All of them say the same of everything. */
    void requireAllAlike() {
        InMemoryEventStore first = replicas.replica(0);
        for (int i = 0; i < replicas.size(); i++) {
            InMemoryEventStore other = replicas.replica(i);
            assertEquals(first.digest(), other.digest());
            assertEquals(first.streams(""), other.streams(""));
            assertEquals(first.forks(), other.forks());
            Set<EventId> all = new TreeSet<>();
            for (StreamInfo stream : first.streams("")) {
                List<StoredEvent> events = first.read(stream.id()).events();
                assertEquals(events, other.read(stream.id()).events());
                events.forEach(event -> all.add(event.id()));
            }
            consumers.get(i).read(other);
            assertEquals(all, consumers.get(i).holds, "who follows the feed has what is there");
            assertEquals(List.of(), other.status().incomplete());
        }
    }

    private static Map<StreamId, List<TransactionId>> heads(EventStore store) {
        Map<StreamId, List<TransactionId>> heads = new TreeMap<>();
        store.streams("").forEach(info -> heads.put(info.id(), info.heads()));
        return heads;
    }

    @Override
    public void close() {
        replicas.close();
    }
}
