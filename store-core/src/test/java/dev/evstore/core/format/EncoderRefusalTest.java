package dev.evstore.core.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.Origin;
import dev.evstore.core.history.TransactionHeader.Superseding;
import dev.evstore.core.history.TransactionHeader.Write;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is never written: each refusal says where, the value and the limit (rules V4, V5). */
class EncoderRefusalTest {

    private static final StreamId A = StreamId.of("a");
    private static final Origin ORIGIN =
            new Origin(ReplicaId.of("7b1f0c1e-2222-4333-8444-555566667777"), 1, "2026-11-20T06:00:00.123Z");

    private static Draft draft(@Nullable String command, @Nullable String meta, Origin origin, NewEvent... events) {
        return new Draft(
                TransactionId.of(EventFiles.ID),
                origin,
                new TreeMap<>(),
                new TreeMap<StreamId, Write>(Map.of(A, new Superseding(List.of()))),
                new TreeMap<>(),
                command,
                meta,
                Arrays.stream(events).map(e -> new Draft.Event(A, e, null)).toList());
    }

    private static void refused(String message, NewEvent... events) {
        refused(message, draft(null, null, ORIGIN, events));
    }

    private static void refused(String message, Draft draft) {
        String told =
                String.valueOf(assertThrows(IllegalArgumentException.class, () -> TransactionEncoder.encode(draft))
                        .getMessage());
        assertTrue(told.startsWith(message), told);
    }

    private static NewEvent with(String data) {
        return NewEvent.of("T", data);
    }

    @Test
    void limits() {
        NewEvent good = with("1");
        String[] tags = new String[65];
        Arrays.fill(tags, "t");
        refused("event 3, tags: 65; at most 64", good, good, good, good.tags(tags));
        refused("event 0, bytes of a tag: 256; at most 255", good.tags("x".repeat(256)));
        refused(
                "event 1, bytes of meta: 65537; at most 65536",
                good,
                good.meta("{\"a\":\"" + "x".repeat(65_529) + "\"}"));
        refused("event 0, bytes: 1048611; at most 1048576", with("\"" + "x".repeat(1 << 20) + "\""));
        refused(
                "header, events: 4097; at most 4096",
                Collections.nCopies(4097, good).toArray(NewEvent[]::new));
        refused(
                "transaction, bytes up to event 17: ",
                Collections.nCopies(4096, with("\"" + "x".repeat(950_000) + "\""))
                        .toArray(NewEvent[]::new));
        refused("header, command: 201 code points; 1 to 200", draft("x".repeat(201), null, ORIGIN, good));
        refused("event 0, data: characters of a number: 65; at most 64", with("1".repeat(65)));
        refused("event 0, a number's exponent: more than 400", with("1e401"));
        refused("event 0, data: levels of nesting: 64; at most 63", with("[".repeat(64) + "]".repeat(64)));
    }

    @Test
    void whatIsNoJson() {
        for (String data : List.of(
                "",
                " ",
                "{",
                "[1,]",
                "tru",
                "NaN",
                "01",
                "1 2",
                "{} {}",
                "'a'",
                "/**/1",
                "\"\t\"",
                "{\"a\":1,\"a\":2}")) {
            refused("event 0, data: ", with(data));
        }
        refused("event 0, data: levels of nesting", with("[".repeat(100_000)));
        refused("event 0, JSON: an object as meta expected", with("1").meta("[]"));
        refused("header, JSON: an object as meta expected", draft(null, "7", ORIGIN, with("1")));
    }

    @Test
    void loneSurrogates() {
        refused("event 0, data: a lone surrogate", with("\"\ud800\""));
        refused("event 0, data: a lone surrogate", with("\"\\ud800\""));
        refused("event 0, data: a lone surrogate", with("{\"\udc00\":1}"));
        refused("event 0, tags: a lone surrogate", with("1").tags("\udc00"));
        refused("header, command: a lone surrogate", draft("\ud800", null, ORIGIN, with("1")));
    }

    @Test
    void anOriginThatReadersWouldRefuse() {
        refused("header, seq: ", draft(null, null, new Origin(ORIGIN.replica(), 0, ORIGIN.at()), with("1")));
        refused("header, at: ", draft(null, null, new Origin(ORIGIN.replica(), 1, "now"), with("1")));
        refused("header, streams: ", draft(null, null, ORIGIN));
    }

    @Test
    void dataKeepsItsNumbersAndLosesItsWhiteSpace() { // V5
        Transaction written = TransactionEncoder.encode(draft(
                null,
                "{ }",
                ORIGIN,
                with("\n{ \"a\" : [ 1.10 , -0, 1E+05 ],\t\"\\u0062\\/\\u001F\" : \"\\u00e9\\ud83d\\ude00\" }\r")));
        EventLine line = EventLine.parse(written.line(0));
        assertEquals("{\"a\":[1.10,-0,1E+05],\"b/\\u001f\":\"é😀\"}", line.data());
        assertEquals("{}", written.header().meta());
    }

    @Test
    void merges() { // M1
        TransactionId one = Merges.id(1);
        TransactionId last = new TransactionId(TransactionId.MAX_MILLIS << 16 | 7 << 12, 2L << 62);
        var half = EventFiles.HALF;
        var trailers = new TreeMap<>(Map.of(one, half, Merges.id(2), half, last, half));
        var heads = new TreeMap<>(Map.of(A, List.of(one, Merges.id(2))));

        assertRefused("trailers: that of the head", heads, new TreeMap<>(), List.of());
        assertRefused(
                "header, streams, heads: 1; at least 2", new TreeMap<>(Map.of(A, List.of(one))), trailers, List.of());
        assertRefused("heads: 0", new TreeMap<>(), trailers, List.of());
        assertRefused("heads: " + last, new TreeMap<>(Map.of(A, List.of(one, last))), trailers, List.of());
        assertRefused("event 0, data: the number 1e400 is not finite", heads, trailers, event("[1e400]", null));
        assertRefused("event 0, salt: a merge has none", heads, trailers, event("1", "0123456789012345678901"));
    }

    private static List<Draft.Event> event(String data, @Nullable String salt) {
        return List.of(new Draft.Event(A, with(data), salt));
    }

    private static void assertRefused(
            String message,
            SortedMap<StreamId, List<TransactionId>> heads,
            SortedMap<TransactionId, String> trailers,
            List<Draft.Event> events) {
        String told = String.valueOf(assertThrows(
                        IllegalArgumentException.class, () -> TransactionEncoder.encodeMerge(heads, trailers, events))
                .getMessage());
        assertTrue(told.startsWith(message), told);
    }
}
