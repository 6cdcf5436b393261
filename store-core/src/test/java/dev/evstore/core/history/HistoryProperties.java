package dev.evstore.core.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.history.Naive.Answers;
import dev.evstore.core.history.Naive.CountedHeads;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.Histories;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Order, copies, heads, gaps and digests, over histories of replicas that behave and of some that do not. */
class HistoryProperties {

    @Provide
    Arbitrary<List<TransactionHeader>> honest() {
        return Histories.honest();
    }

    @Provide
    Arbitrary<List<TransactionHeader>> hostile() {
        return Histories.hostile();
    }

    @Property(tries = 300) // I3
    void twoTransactionsNeverChangeTheirRelativeOrder(
            @ForAll("hostile") List<TransactionHeader> all, @ForAll Random random) {
        History few = History.of(some(all, random));
        History many = History.of(all);

        Set<TransactionId> here = few.transactions().keySet();
        assertEquals(
                List.copyOf(here),
                many.transactions().keySet().stream().filter(here::contains).toList());
        if (many.variants().isEmpty()) {
            for (StreamId stream : few.streams()) {
                assertEquals(
                        few.events(stream),
                        many.events(stream).stream()
                                .filter(event -> here.contains(event.transaction()))
                                .toList());
            }
        }
    }

    @Property(tries = 300) // I3
    void whatATransactionHadSeenStandsBeforeIt(@ForAll("hostile") List<TransactionHeader> all) {
        List<TransactionId> order = List.copyOf(History.of(all).transactions().keySet());
        for (TransactionHeader it : History.of(all).transactions().values()) {
            Set<TransactionId> seen = new TreeSet<>(it.parents().keySet());
            it.writes().keySet().forEach(stream -> seen.addAll(it.supersedes(stream)));
            it.reads().values().forEach(seen::addAll);
            seen.retainAll(order);
            seen.forEach(before -> assertTrue(order.indexOf(before) < order.indexOf(it.id())));
        }
    }

    @Property(tries = 300) // I4
    void arrivalOrderAndCopiesChangeNothing(@ForAll("hostile") List<TransactionHeader> all, @ForAll Random random) {
        List<TransactionHeader> arrived = new ArrayList<>(all);
        arrived.addAll(some(all, random));
        Collections.shuffle(arrived, random);

        assertEquals(Answers.of(History.of(all)), Answers.of(History.of(arrived)));
    }

    @Property(tries = 300) // I4
    void howCopiesAreSpreadOverFilesChangesNothing(
            @ForAll("hostile") List<TransactionHeader> all, @ForAll Random random) {
        List<TransactionHeader> one = some(all, random);
        List<TransactionHeader> other = new ArrayList<>(all);
        one.forEach(other::remove);
        List<TransactionHeader> settled =
                new ArrayList<>(History.of(other).transactions().values());
        settled.addAll(History.of(one).transactions().values());

        assertEquals(History.of(all).transactions(), History.of(settled).transactions());
    }

    @Property(tries = 300) // I5
    void theSmallerTrailerCountsAndRedactionsOfItsCopiesUnite(@ForAll("hostile") List<TransactionHeader> all) {
        History history = History.of(all);
        Map<TransactionId, List<TransactionHeader>> byId =
                all.stream().collect(Collectors.groupingBy(TransactionHeader::id));

        assertEquals(byId.keySet(), history.transactions().keySet());
        byId.forEach((id, copies) -> {
            Set<Sha256> trailers =
                    copies.stream().map(TransactionHeader::trailer).collect(Collectors.toCollection(TreeSet::new));
            Sha256 smallest = trailers.iterator().next();
            Set<Integer> redacted = copies.stream()
                    .filter(copy -> copy.trailer().equals(smallest))
                    .flatMap(copy -> copy.redacted().stream())
                    .collect(Collectors.toSet());
            TransactionHeader counting =
                    Objects.requireNonNull(history.transactions().get(id));

            assertEquals(smallest, counting.trailer());
            assertEquals(redacted, counting.redacted());
            assertEquals(trailers.size() > 1, history.variants().contains(id));
        });
    }

    @Property(tries = 300) // I5
    void whoSawAnotherVariantOfAParentIsNamed(@ForAll("hostile") List<TransactionHeader> all) {
        History history = History.of(all);
        for (TransactionHeader it : history.transactions().values()) {
            boolean sawAnother = false;
            boolean missing = false;
            for (Map.Entry<TransactionId, String> parent : it.parents().entrySet()) {
                TransactionHeader here = history.transactions().get(parent.getKey());
                missing |= here == null;
                sawAnother |= here != null && !here.trailer().toString().startsWith(parent.getValue());
            }
            assertEquals(sawAnother, history.parentMismatches().contains(it.id()));
            assertEquals(missing, history.dangling().contains(it.id()));
        }
    }

    @Property(tries = 300) // F1
    void headsAreWhatCountsOfNamesSayInAnyOrderOfComingAndGoing(
            @ForAll("hostile") List<TransactionHeader> all, @ForAll Random random) {
        History whole = History.of(all);
        List<TransactionHeader> arriving = new ArrayList<>(whole.transactions().values());
        Collections.shuffle(arriving, random);
        List<TransactionHeader> leaving = some(arriving, random);
        List<TransactionHeader> staying = new ArrayList<>(arriving);
        staying.removeAll(leaving);
        History rest = History.of(staying);

        for (StreamId stream : Histories.streams()) {
            CountedHeads counted = new CountedHeads(stream);
            arriving.forEach(counted::come);
            assertEquals(whole.heads(stream), counted.heads());
            leaving.forEach(counted::go);
            assertEquals(rest.heads(stream), counted.heads());
        }
    }

    @Property(tries = 300)
    void theStoresHeadsAreThoseNobodyNamesAsParent(@ForAll("hostile") List<TransactionHeader> all) {
        History history = History.of(all);
        Set<TransactionId> heads = new TreeSet<>(history.transactions().keySet());
        history.transactions()
                .values()
                .forEach(it -> heads.removeAll(it.parents().keySet()));
        assertEquals(List.copyOf(heads), history.storeHeads());
    }

    @Property(tries = 300) // F1
    void aNameThatIsNoWriterSupersedesNothingAndIsReported(@ForAll("hostile") List<TransactionHeader> all) {
        History history = History.of(all);
        Collection<TransactionHeader> visible = history.transactions().values();
        List<Misnamed> expected = new ArrayList<>();
        for (TransactionHeader it : visible) {
            for (StreamId stream : it.writes().keySet()) {
                for (TransactionHeader named : visible) {
                    if (it.supersedes(stream).contains(named.id()) && !named.claims(stream)) {
                        expected.add(new Misnamed(it.id(), stream, named.id()));
                    }
                }
            }
        }
        assertEquals(expected, history.misnamed());
    }

    @Property(tries = 300) // F6
    void aReadIsStaleWhenTheHeadsBeforeItWereOthers(@ForAll("hostile") List<TransactionHeader> all) {
        History history = History.of(all);
        List<StaleRead> expected = new ArrayList<>();
        for (TransactionHeader it : history.transactions().values()) {
            History before = History.of(history.transactions().headMap(it.id()).values());
            it.reads().forEach((stream, seen) -> {
                if (!new TreeSet<>(before.heads(stream)).equals(new TreeSet<>(seen))) {
                    expected.add(new StaleRead(it.id(), stream, seen, before.heads(stream)));
                }
            });
        }
        assertEquals(expected, history.staleReads());
    }

    @Property(tries = 300) // F7
    void aStreamIsIncompleteWhileAHeadNamedOfItIsNotHere(@ForAll("hostile") List<TransactionHeader> all) {
        History history = History.of(all);
        Set<StreamId> expected = new TreeSet<>();
        for (TransactionHeader it : history.transactions().values()) {
            for (StreamId stream : it.writes().keySet()) {
                if (it.supersedes(stream).stream()
                        .anyMatch(id -> history.transactions().get(id) == null)) {
                    expected.add(stream);
                }
            }
        }
        assertEquals(expected, history.incomplete());
    }

    @Property(tries = 300) // F7
    void aTransactionTakenAwayLeavesItsStreamsIncompleteUntilItIsBack(
            @ForAll("honest") List<TransactionHeader> all, @ForAll Random random) {
        assertTrue(History.of(all).incomplete().isEmpty());
        if (!all.isEmpty()) {
            List<TransactionHeader> rest = new ArrayList<>(all);
            TransactionHeader gone = rest.remove(random.nextInt(all.size()));
            Set<StreamId> missed = new TreeSet<>();
            for (TransactionHeader it : rest) {
                it.writes().keySet().stream()
                        .filter(stream -> it.supersedes(stream).contains(gone.id()))
                        .forEach(missed::add);
            }
            assertEquals(missed, History.of(rest).incomplete());
        }
    }

    @Property(tries = 300) // I4
    void digestsAreEqualExactlyWhenTheSetsAre(@ForAll("hostile") List<TransactionHeader> all, @ForAll Random random) {
        History one = History.of(all);
        History other = History.of(random.nextBoolean() ? all.stream().skip(1).toList() : some(all, random));

        assertEquals(
                members(one, null).equals(members(other, null)), one.digest().equals(other.digest()));
        for (StreamId stream : Histories.streams()) {
            assertEquals(
                    members(one, stream).equals(members(other, stream)),
                    one.state(stream).digest().equals(other.state(stream).digest()));
        }
    }

    @Property(tries = 300) // I4
    void whatIsAddedToADigestAndTakenAwayLeavesNoTrace(
            @ForAll("honest") List<TransactionHeader> all, @ForAll Random random) {
        Digest whole = History.of(all).digest();
        List<TransactionHeader> going = some(all, random);
        List<TransactionHeader> staying = new ArrayList<>(all);
        staying.removeAll(going);
        Digest rest = whole;
        for (TransactionHeader gone : going) {
            rest = rest.minus(gone.digest());
        }
        assertEquals(History.of(staying).digest(), rest);
        assertEquals(whole, rest.plus(History.of(going).digest()));
        assertFalse(!going.isEmpty() && whole.equals(rest));
    }

    /** What a digest stands for: which transactions, of which content, with what redacted. */
    private static Map<TransactionId, List<Object>> members(History history, @Nullable StreamId stream) {
        Map<TransactionId, List<Object>> members = new TreeMap<>();
        history.transactions().forEach((id, it) -> {
            if (stream == null || it.writes().containsKey(stream)) {
                members.put(id, List.of(it.trailer(), it.redacted()));
            }
        });
        return members;
    }

    private static List<TransactionHeader> some(Collection<TransactionHeader> all, Random random) {
        return all.stream().filter(it -> random.nextBoolean()).toList();
    }
}
