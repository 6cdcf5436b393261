package dev.evstore.testkit;

import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** Plays steps as replicas would that each see a part of the whole. Knows heads by its own means, not the store's. */
final class Replay {

    static final List<String> STREAMS = List.of("account-1", "account-2", "audit", "\u00e4/\ud83d\ude00");
    private static final int REPLICAS = 3;
    private static final long START = 1_000_000;

    private final List<NavigableMap<TransactionId, TransactionHeader>> views = new ArrayList<>();
    private long now = START;

    private Replay() {
        for (int k = 0; k < REPLICAS; k++) {
            views.add(new TreeMap<>());
        }
    }

    /** All that was written, each transaction once, in canonical order. */
    static List<TransactionHeader> play(List<Step> steps) {
        Replay replay = new Replay();
        steps.forEach(replay::take);
        TreeMap<TransactionId, TransactionHeader> all = new TreeMap<>();
        replay.views.forEach(all::putAll);
        return List.copyOf(all.values());
    }

    private void take(Step step) {
        now += 2;
        String stream = STREAMS.get(step.stream() % STREAMS.size());
        String other = STREAMS.get((step.stream() + 1 + step.other() % (STREAMS.size() - 1)) % STREAMS.size());
        switch (step.kind()) {
            case APPEND -> write(step, ordinary(step, stream));
            case APPEND_BOTH ->
                write(
                        step,
                        ordinary(step, stream)
                                .claims(other, oneHead(step, other))
                                .events(other, 1));
            case APPEND_AND_NOTE -> write(step, ordinary(step, stream).free(other));
            case NOTE -> write(step, header(step).free(stream));
            case DECIDE -> write(step, ordinary(step, stream).reads(other, heads(view(step), other)));
            case PULL -> view(step).putAll(views.get(step.other() % REPLICAS));
            case PICK -> pick(step);
            case MERGE -> merge(step, List.of(stream));
            case MERGE_ALL -> merge(step, STREAMS);
        }
    }

    private Headers ordinary(Step step, String stream) {
        return header(step).claims(stream, oneHead(step, stream)).events(stream, 1 + step.count());
    }

    /** Replicas have clocks that differ, and step over what they have seen (rule I1). */
    private Headers header(Step step) {
        NavigableMap<TransactionId, TransactionHeader> view = view(step);
        int replica = step.replica() % REPLICAS;
        long wall = now + 7L * replica;
        long millis = view.isEmpty() ? wall : Math.max(wall, view.lastKey().millis() + 1);
        return Headers.of(Headers.id(millis, replica))
                .by(replica, view.size() * 2L / 3 + 1) // with gaps, and some twice, as no honest replica would
                .parents(storeHeads(view.values()));
    }

    /** Resolves what is forked of the streams; two replicas that do it alike write the same transaction (rule M2). */
    private void merge(Step step, List<String> streams) {
        NavigableMap<TransactionId, TransactionHeader> view = view(step);
        List<String> forked = streams.stream()
                .filter(stream -> heads(view, stream).size() > 1)
                .sorted()
                .toList();
        if (forked.isEmpty()) {
            return;
        }
        Set<TransactionHeader> parents = new HashSet<>();
        long newest = 0;
        for (String stream : forked) {
            for (TransactionId head : heads(view, stream)) {
                parents.add(Objects.requireNonNull(view.get(head)));
                newest = Math.max(newest, head.millis());
            }
        }
        long tail = Integer.toUnsignedLong(
                parents.stream().mapToInt(TransactionHeader::hashCode).sum() * 31 + forked.hashCode() + step.count());
        Headers merge = Headers.of(Headers.mergeId(newest + 1, tail)).parents(parents);
        forked.forEach(stream -> merge.claims(stream, heads(view, stream)));
        write(step, merge.events(forked.get(0), step.count()));
    }

    private void pick(Step step) {
        List<TransactionHeader> theirs =
                List.copyOf(views.get(step.other() % REPLICAS).values());
        for (int k = step.count(); k < theirs.size(); k += step.count() + 1) {
            view(step).put(theirs.get(k).id(), theirs.get(k));
        }
    }

    private void write(Step step, Headers headers) {
        TransactionHeader header = headers.build();
        view(step).put(header.id(), header);
    }

    private NavigableMap<TransactionId, TransactionHeader> view(Step step) {
        return views.get(step.replica() % REPLICAS);
    }

    /** An ordinary append supersedes one head at most (rule F3): here the first or the last. */
    private List<TransactionId> oneHead(Step step, String stream) {
        List<TransactionId> heads = heads(view(step), stream);
        return heads.isEmpty() ? heads : List.of(heads.get(step.other() % 2 == 0 ? heads.size() - 1 : 0));
    }

    private static List<TransactionId> heads(NavigableMap<TransactionId, TransactionHeader> view, String name) {
        StreamId stream = StreamId.of(name);
        Set<TransactionId> superseded = new HashSet<>();
        view.values().forEach(header -> superseded.addAll(header.supersedes(stream)));
        return view.values().stream()
                .filter(header -> header.claims(stream))
                .map(TransactionHeader::id)
                .filter(id -> !superseded.contains(id))
                .toList();
    }

    private static List<TransactionHeader> storeHeads(Collection<TransactionHeader> view) {
        Set<TransactionId> named = new HashSet<>();
        view.forEach(header -> named.addAll(header.parents().keySet()));
        return view.stream().filter(header -> !named.contains(header.id())).toList();
    }
}
