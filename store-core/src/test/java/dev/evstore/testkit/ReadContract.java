package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedPage;
import dev.evstore.core.Finding;
import dev.evstore.core.ReadOptions;
import dev.evstore.core.StreamInfo;
import dev.evstore.core.StreamSlice;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.OpaqueEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.StreamState;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Reading streams: canonical order, parts, and what can't be read any more or not yet (rules I3, I5, V3). */
public abstract class ReadContract extends StoreContract {

    @Test
    void anUnknownStreamIsEmpty() {
        StreamSlice nothing = store().read(stream("nobody"));
        assertEquals(StreamState.NONE, nothing.state());
        assertEquals(List.of(), nothing.events());
        assertEquals(List.of(), store().streams(""));
        assertEquals(Digest.EMPTY, store().digest());
    }

    @Test
    void aPartOfAStreamIsReadForwardsAndBackwards() {
        store().append(stream("a"), ExpectedVersion.noStream(), event("E1"), event("E2"), event("E3"));
        store().append(stream("a"), ExpectedVersion.current(), event("E4"));

        assertEquals(List.of("E2", "E3"), part(ReadOptions.forwards().from(2).limit(2)));
        assertEquals(List.of("E4", "E3"), part(ReadOptions.fromTheEnd().limit(2)));
        assertEquals(List.of("E2", "E1"), part(ReadOptions.fromTheEnd().from(2)));
        assertEquals(List.of(), part(ReadOptions.forwards().from(5)));
        assertEquals(List.of("E4"), part(ReadOptions.forwards().from(4).limit(1)));
        StreamSlice slice =
                store().read(stream("a"), ReadOptions.forwards().from(2).limit(1));
        assertEquals(4, slice.state().version().value(), "the whole stream's");
        assertEquals(2, slice.events().get(0).version().value());
    }

    private List<String> part(ReadOptions options) {
        return store().read(stream("a"), options).events().stream()
                .map(e -> e.type().value())
                .toList();
    }

    @Test
    void aReadStaysAsItWasWhileOthersAppend() {
        store().append(stream("a"), ExpectedVersion.noStream(), event("E1"));
        StreamSlice before = store().read(stream("a"));
        FeedPage page = page(FeedCursor.beginning(), 10);
        store().append(stream("a"), ExpectedVersion.current(), event("E2"));

        assertEquals(1, before.events().size());
        assertEquals(1, page.entries().size());
        assertNotEquals(before.state(), store().read(stream("a")).state());
    }

    @Test
    void orderIsThatOfIdsWhateverArrivedFirst() { // I3, I4
        arrive(Foreign.at(3).onto("a").event("a", "Third").build());
        arrive(Foreign.at(1).free("a").event("a", "First").build());
        arrive(Foreign.at(2).free("a").event("a", "Second").build());
        assertEquals(List.of("First", "Second", "Third"), types("a"));
        assertEquals(
                List.of(1L, 2L, 3L),
                store().read(stream("a")).events().stream()
                        .map(e -> e.version().value())
                        .toList());
    }

    @Test
    void streamsAreListedByTheBytesOfTheirNames() {
        for (String name : List.of("b", "a-\ud83d\ude00", "a-\uff5e", "a-1")) {
            store().append(stream(name), ExpectedVersion.noStream(), event("T"));
        }
        assertEquals(List.of("a-1", "a-\uff5e", "a-\ud83d\ude00", "b"), names(""));
        assertEquals(List.of("a-1", "a-\uff5e", "a-\ud83d\ude00"), names("a-"));
        StreamInfo info = store().streams("b").get(0);
        assertEquals(store().read(stream("b")).state(), info.state());
        assertEquals(1, info.heads().size());
    }

    private List<String> names(String prefix) {
        return store().streams(prefix).stream().map(info -> info.id().value()).toList();
    }

    @Test
    void aRedactedEventKeepsItsPlaceWhicheverCopyComesFirst() { // I5
        Transaction full =
                Foreign.at(1).onto("a").event("a", "Kept").event("a", "Secret").build();
        Transaction redacted = Foreign.redacted(full, 1);
        arrive(redacted);
        StreamState state = store().read(stream("a")).state();
        arrive(full); // T55: an old branch brings the full line back
        assertInstanceOf(RecordedEvent.class, store().read(stream("a")).events().get(0));
        assertInstanceOf(RedactedEvent.class, store().read(stream("a")).events().get(1));
        assertEquals(state, store().read(stream("a")).state());
        assertEquals(1, store().status().transactions());
    }

    @Test
    void T22_anEventOfANewerFormatIsOpaqueAndNotDropped() { // T22, V3
        expectFinding(Finding.Code.NEWER_FORMAT);
        Transaction newer =
                Foreign.newer(Foreign.at(1).onto("a").event("a", "New").build());
        arrive(newer);
        OpaqueEvent read = assertInstanceOf(
                OpaqueEvent.class, store().read(stream("a")).events().get(0));
        assertEquals("{\"stream\":\"a\",\"type\":\"New\",\"data\":{}}", read.line());
        assertEquals(List.of("+New"), inWords(entries(FeedCursor.beginning())));
        assertEquals(List.of(newer.header().id()), heads("a"));
    }

    @Test
    void aClosedStoreSaysSo() throws Exception {
        EventStore closed = open(clock, new Random(1)).store();
        closed.close();
        closed.close();
        assertThrows(IllegalStateException.class, () -> closed.read(stream("a")));
        assertThrows(IllegalStateException.class, () -> closed.append(stream("a"), ExpectedVersion.any(), event("T")));
        assertThrows(IllegalStateException.class, () -> closed.readFeed(FeedCursor.beginning(), EventFilter.all(), 1));
        assertThrows(IllegalStateException.class, closed::status);
    }
}
