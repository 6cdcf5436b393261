package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.EventStore;
import dev.evstore.core.StoreStatus;
import dev.evstore.core.StreamInfo;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.history.History;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Holds everything a store answers against what follows, by definition, from the transactions that are there. */
final class StoreAgainstModel {

    private StoreAgainstModel() {}

    static void check(EventStore store, Collection<TransactionHeader> there) {
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
        List<StreamInfo> streams = store.streams("");
        assertEquals(
                List.copyOf(model.streams()),
                streams.stream().map(StreamInfo::id).toList());
        for (StreamInfo info : streams) {
            checkStream(store, model, info);
        }
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
    static Map<EventId, Boolean> visible(History model) {
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
