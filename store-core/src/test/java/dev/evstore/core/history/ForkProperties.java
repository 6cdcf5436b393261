package dev.evstore.core.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.Headers;
import dev.evstore.testkit.Histories;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What a fork is, what ends it, and what it shows. */
class ForkProperties {

    private static final long LATER = 5_000_000;

    @Provide
    Arbitrary<List<TransactionHeader>> histories() {
        return Arbitraries.oneOf(Histories.honest(), Histories.hostile(), Histories.tangles());
    }

    @Provide
    Arbitrary<List<TransactionHeader>> honest() {
        return Histories.honest();
    }

    @Property(tries = 300) // F2
    void aForkIsAStreamOfSeveralHeadsAndNothingElse(@ForAll("histories") List<TransactionHeader> all) {
        History history = History.of(all);
        Set<StreamId> severalHeads = new TreeSet<>();
        for (StreamId stream : history.streams()) {
            if (history.heads(stream).size() > 1) {
                severalHeads.add(stream);
            }
        }
        List<Fork> forks = forks(history);
        assertEquals(
                List.copyOf(severalHeads),
                forks.stream().map(Fork::stream).sorted().toList());
        forks.forEach(fork -> assertEquals(history.heads(fork.stream()), fork.heads()));
    }

    @Property(tries = 300) // F2, F6
    void readsNeverFork(@ForAll("honest") List<TransactionHeader> all) {
        List<TransactionHeader> unread = all.stream()
                .map(it -> new TransactionHeader(
                        it.id(),
                        it.trailer(),
                        it.format(),
                        it.origin(),
                        it.parents(),
                        it.writes(),
                        new TreeMap<>(),
                        it.command(),
                        it.meta(),
                        it.events()))
                .toList();
        assertEquals(History.of(unread).forks(), History.of(all).forks());
    }

    @Property(tries = 300) // F3, T1
    void anAppendLeavesTheHeadsOfEveryOtherStreamAndTheNumberOfItsOwn(@ForAll("honest") List<TransactionHeader> all) {
        History before = History.of(all);
        for (StreamId written : before.streams()) {
            List<TransactionId> heads = before.heads(written);
            List<TransactionHeader> more = new ArrayList<>(all);
            more.add(Headers.at(LATER)
                    .claims(written.value(), heads.stream().limit(1).toList())
                    .events(written.value(), 1)
                    .build());
            History after = History.of(more);

            for (StreamId stream : before.streams()) {
                if (stream.equals(written)) {
                    assertEquals(Math.max(1, heads.size()), after.heads(stream).size());
                } else {
                    assertEquals(before.heads(stream), after.heads(stream));
                }
            }
        }
    }

    @Property(tries = 300) // F3
    void aForkStaysUntilAMergeSupersedesAllItsHeads(@ForAll("honest") List<TransactionHeader> all) {
        for (Fork fork : forks(History.of(all))) {
            List<TransactionHeader> mergedInPart = new ArrayList<>(all);
            mergedInPart.add(Headers.mergeAt(LATER)
                    .claims(
                            fork.stream().value(),
                            fork.heads().subList(1, fork.heads().size()))
                    .build());
            assertEquals(2, History.of(mergedInPart).heads(fork.stream()).size());

            TransactionHeader merge = Headers.mergeAt(LATER)
                    .claims(fork.stream().value(), fork.heads())
                    .build();
            List<TransactionHeader> merged = new ArrayList<>(all);
            merged.add(merge);
            assertEquals(List.of(merge.id()), History.of(merged).heads(fork.stream()));
            assertTrue(
                    forks(History.of(merged)).stream().noneMatch(f -> f.stream().equals(fork.stream())));
        }
    }

    @Property(tries = 300) // F4
    void ancestorAndBranchesCoverExactlyTheEventsThatAreNotFree(@ForAll("histories") List<TransactionHeader> all) {
        History history = History.of(all);
        for (Fork fork : forks(history)) {
            List<EventId> claimed = claimed(history, fork.stream());
            Set<EventId> branched = new HashSet<>();
            for (TransactionId head : fork.heads()) {
                fork.branch(head).forEach(divergent -> branched.addAll(divergent.events()));
            }
            assertTrue(claimed.containsAll(branched));
            assertEquals(claimed.size(), fork.ancestorVersion() + branched.size());
        }
    }

    @Property(tries = 300) // F4, F5
    void aHeadReachesItselfAndWhatItsReachedSupersede(@ForAll("histories") List<TransactionHeader> all) {
        History history = History.of(all);
        for (Fork fork : forks(history)) {
            Map<TransactionId, Set<TransactionId>> expected = new HashMap<>();
            Naive.reachedBy(history, fork.stream()).forEach((id, by) -> {
                if (by.size() < fork.heads().size()) {
                    expected.put(id, by);
                }
            });
            Map<TransactionId, Set<TransactionId>> shown = new HashMap<>();
            fork.divergent().forEach(divergent -> shown.put(divergent.transaction(), divergent.reachedBy()));
            assertEquals(expected, shown);
            assertEquals(
                    new TreeSet<>(shown.keySet()).stream().toList(),
                    fork.divergent().stream().map(Fork.Divergent::transaction).toList());
        }
    }

    @Property(tries = 300) // F5
    void unitsAreTheForksThatHangTogether(@ForAll("histories") List<TransactionHeader> all) {
        List<ForkUnit> units = History.of(all).forks();
        List<StreamId> listed =
                units.stream().flatMap(unit -> unit.streams().stream()).toList();
        assertEquals(listed.size(), new HashSet<>(listed).size());

        for (ForkUnit unit : units) {
            assertEquals(unit.streams().stream().sorted().toList(), unit.streams());
            // From any of its forks, sharing leads to all of the unit and to nothing outside it.
            Set<StreamId> found = new TreeSet<>(Set.of(unit.streams().get(0)));
            Set<TransactionId> shared = new HashSet<>();
            for (int before = 0; before < found.size(); ) {
                before = found.size();
                for (Fork fork : forks(History.of(all))) {
                    if (found.contains(fork.stream())
                            || divergent(fork).stream().anyMatch(shared::contains)) {
                        found.add(fork.stream());
                        shared.addAll(divergent(fork));
                    }
                }
            }
            assertEquals(unit.streams(), List.copyOf(found));
        }
        assertEquals(
                units.stream().map(unit -> unit.streams().get(0)).sorted().toList(),
                units.stream().map(unit -> unit.streams().get(0)).toList());
    }

    @Property(tries = 500) // F4
    void theWalkFromTheHeadsFindsTheSameForkAndVisitsLittleElse(@ForAll("histories") List<TransactionHeader> all) {
        History history = History.of(all);
        for (Fork fork : forks(history)) {
            List<TransactionId> visited = new ArrayList<>();
            Fork walked = walk(history, fork.stream(), visited);
            assertEquals(fork, walked);

            Set<TransactionId> divergent = divergent(fork);
            TreeSet<TransactionId> boundary = new TreeSet<>();
            divergent.forEach(id -> boundary.addAll(superseded(history, fork.stream(), id)));
            assertEquals(visited.size(), new HashSet<>(visited).size());
            assertTrue(visited.containsAll(divergent));
            for (TransactionId id : visited) {
                assertTrue(divergent.contains(id) || id.compareTo(boundary.first()) > 0);
            }
        }
    }

    @Property(tries = 100) // F4
    void branchesThatNeverMetAreWalkedAloneHoweverLongTheirPast(
            @ForAll("lengths") int past, @ForAll("lengths") int left, @ForAll("lengths") int right) {
        List<TransactionHeader> all = new ArrayList<>();
        long millis = 1000;
        TransactionHeader last = Headers.at(millis++).writes("s").build();
        all.add(last);
        for (int k = 0; k < past; k++) {
            last = Headers.at(millis++).writes("s", last).build();
            all.add(last);
        }
        TransactionHeader[] heads = {last, last};
        for (int k = 0; k < Math.max(left, right); k++) {
            for (int side = 0; side < 2; side++) {
                if (k < (side == 0 ? left : right)) {
                    heads[side] = Headers.at(millis++).writes("s", heads[side]).build();
                    all.add(heads[side]);
                }
            }
        }
        StreamId stream = StreamId.of("s");
        List<TransactionId> visited = new ArrayList<>();
        Fork fork = walk(History.of(all), stream, visited);
        assertEquals(divergent(fork), new HashSet<>(visited));
        assertEquals(left + right, visited.size());
        assertEquals(past + 1, fork.ancestorVersion());
    }

    @Provide
    Arbitrary<Integer> lengths() {
        return Arbitraries.integers().between(1, 60);
    }

    private static Fork walk(History history, StreamId stream, List<TransactionId> visited) {
        return ForkWalk.of(
                stream,
                history.heads(stream),
                id -> {
                    visited.add(id);
                    return superseded(history, stream, id);
                },
                id -> history.events(stream).stream()
                        .filter(event -> event.transaction().equals(id))
                        .toList(),
                claimed(history, stream).size());
    }

    private static List<TransactionId> superseded(History history, StreamId stream, TransactionId id) {
        return header(history, id).supersedes(stream).stream()
                .filter(below -> history.transactions().containsKey(below)
                        && header(history, below).claims(stream))
                .toList();
    }

    private static List<EventId> claimed(History history, StreamId stream) {
        return history.events(stream).stream()
                .filter(event -> header(history, event.transaction()).claims(stream))
                .toList();
    }

    private static TransactionHeader header(History history, TransactionId id) {
        return Objects.requireNonNull(history.transactions().get(id));
    }

    private static Set<TransactionId> divergent(Fork fork) {
        Set<TransactionId> found = new HashSet<>();
        fork.divergent().forEach(divergent -> found.add(divergent.transaction()));
        return found;
    }

    private static List<Fork> forks(History history) {
        return history.forks().stream().flatMap(unit -> unit.forks().stream()).toList();
    }
}
