package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.EventStore;
import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.StoreStatus;
import dev.evstore.core.StreamInfo;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.history.History;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Holds everything a store answers against what follows, by definition, from the transactions that are there. */
public final class StoreAgainstModel {

    private StoreAgainstModel() {}

    public static void check(EventStore store, Collection<TransactionHeader> there) {
        History model = History.of(there);
        StoreStatus status = store.status();
        assertEquals(model.transactions().size(), status.transactions(), "transactions");
        assertEquals(visible(model).size(), status.events(), "events");
        assertEquals(model.digest(), status.digest(), "digest");
        assertEquals(model.digest(), store.digest(), "digest");
        assertEquals(model.streams().size(), status.streams(), "streams");
        assertEquals(model.forks(), status.forks(), "forks");
        assertEquals(model.forks(), store.forks(), "forks");
        assertEquals(List.copyOf(model.incomplete()), status.incomplete(), "incomplete");
        assertEquals(List.copyOf(model.dangling()), status.dangling(), "dangling");
        assertEquals(model.sequences(), status.sequences(), "sequences");
        assertEquals(model.staleReads(), store.staleReads(), "stale reads");
        checkOrder(store, model);
        List<StreamInfo> streams = store.streams("");
        assertEquals(
                List.copyOf(model.streams()),
                streams.stream().map(StreamInfo::id).toList());
        for (StreamInfo info : streams) {
            checkStream(store, model, info);
        }
    }

    /** The whole in canonical order, in both directions, and in two parts from somewhere in it (rule I3). */
    private static void checkOrder(EventStore store, History model) {
        List<EventId> order = List.copyOf(visible(model).keySet());
        assertEquals(order, ids(store, ReadAllOptions.forwards()), "canonical order");
        List<EventId> reverse = new ArrayList<>(order);
        Collections.reverse(reverse);
        assertEquals(reverse, ids(store, ReadAllOptions.fromTheEnd()), "canonical order backwards");
        if (!order.isEmpty()) {
            int k = order.size() / 3;
            EventId place = order.get(k);
            assertEquals(
                    order.subList(k + 1, order.size()),
                    ids(store, ReadAllOptions.forwards().after(place)));
            assertEquals(
                    reverse.subList(order.size() - k, order.size()),
                    ids(store, ReadAllOptions.fromTheEnd().after(place)));
        }
        List<TransactionHeader> log = new ArrayList<>();
        store.readLog(null).forEach(log::add);
        Collections.reverse(log);
        assertEquals(List.copyOf(model.transactions().values()), log, "log");
    }

    private static List<EventId> ids(EventStore store, ReadAllOptions options) {
        List<EventId> ids = new ArrayList<>();
        store.readAll(options).forEach(event -> ids.add(event.id()));
        return ids;
    }

    private static void checkStream(EventStore store, History model, StreamInfo info) {
        StreamId stream = info.id();
        assertEquals(model.state(stream), info.state(), () -> "state of " + stream);
        assertEquals(model.state(stream), store.read(stream).state(), () -> "state of " + stream);
        assertEquals(model.heads(stream), info.heads(), () -> "heads of " + stream);
        assertEquals(model.incomplete().contains(stream), info.incomplete(), () -> "incomplete " + stream);
        assertEquals(
                model.events(stream),
                store.read(stream).events().stream().map(e -> e.id()).toList(),
                () -> "order of " + stream);
        Map<EventId, Boolean> visible = visible(model);
        long version = 0;
        for (var event : store.read(stream).events()) {
            assertEquals(++version, event.version().value());
            assertEquals(visible.get(event.id()), event instanceof RedactedEvent);
        }
    }

    /** The visible events, and whether each is redacted. */
    public static Map<EventId, Boolean> visible(History model) {
        Map<EventId, Boolean> visible = new TreeMap<>();
        for (TransactionHeader transaction : model.transactions().values()) {
            for (int k = 0; k < transaction.events().size(); k++) {
                visible.put(
                        new EventId(transaction.id(), k),
                        transaction.events().get(k).redacted());
            }
        }
        return visible;
    }
}
