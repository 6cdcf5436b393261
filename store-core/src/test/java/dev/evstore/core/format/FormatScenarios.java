package dev.evstore.core.format;

import static dev.evstore.core.format.EventFiles.ID;
import static dev.evstore.core.format.EventFiles.LATER;
import static dev.evstore.core.format.EventFiles.event;
import static dev.evstore.core.format.EventFiles.golden;
import static dev.evstore.core.format.EventFiles.header;
import static dev.evstore.core.format.EventFiles.read;
import static dev.evstore.core.format.EventFiles.sealed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The scenarios of the blueprint "format". */
class FormatScenarios {

    @Test
    void aRedactedLineStillVerifies() {
        Transaction full = read(golden("redactable")).only();
        String line = new String(full.line(0), StandardCharsets.UTF_8);
        String redacted =
                "{\"stream\":\"person-1\",\"type\":\"PersonMoved\",\"redacted\":\"" + Sha256.hash(full.line(0)) + "\"}";

        Transaction after = read(new String(full.bytes(), StandardCharsets.UTF_8).replace(line, redacted))
                .only();

        assertEquals(full.header().id(), after.header().id());
        assertEquals(full.header().trailer(), after.header().trailer());
        assertEquals(Set.of(0), after.header().redacted());
        assertEquals("null", EventLine.parse(after.line(0)).data());
        assertEquals(Sha256.hash(full.line(0)), EventLine.parse(after.line(0)).redacted());
    }

    @Test
    void aRedactedLineMovedToAnotherStreamDoesNotVerify() { // T55
        String streams = "\"a\":{\"heads\":[]},\"b\":{\"heads\":[]}";
        String redacted = "{\"stream\":\"a\",\"type\":\"T\",\"redacted\":\"" + "ab".repeat(32) + "\"}";
        String onA = new String(
                sealed(
                        header(ID, "", streams, 3),
                        redacted,
                        event("1"),
                        event("1").replace("\"a\"", "\"b\"")),
                StandardCharsets.UTF_8);
        read(onA).only();

        EventFiles.Told moved = read(onA.replace(redacted, redacted.replace("\"a\"", "\"b\"")));
        EventFiles.Told retyped = read(onA.replace(redacted, redacted.replace("\"T\"", "\"U\"")));

        assertEquals(List.of(), moved.transactions());
        assertTrue(moved.flaw().startsWith("trailer"));
        assertEquals(List.of(), retyped.transactions());
    }

    @Test
    void aDamagedTransactionLeavesTheOthersAlone() {
        String file = new String(golden("several"), StandardCharsets.UTF_8);

        EventFiles.Told told = read(file.replace("\"amount\":1.10", "\"amount\":9.10"));

        assertEquals(2, told.transactions().size());
        assertTrue(told.flaw().startsWith("trailer"));
        assertEquals(List.of(8L), told.lines());
    }

    @Test
    void twoReplicasResolveAlikeAndWriteTheSameBytes() {
        StreamId stream = StreamId.of("a");
        var heads = List.of(TransactionId.of(ID), TransactionId.of(LATER));
        var trailers = new TreeMap<>(Map.of(heads.get(0), "0".repeat(32), heads.get(1), "1".repeat(32)));
        NewEvent here = NewEvent.of("Resolved", "{\"b\":1.0,\"a\":1e23}");
        NewEvent there = NewEvent.of("Resolved", "{ \"a\": 100000000000000000000000.0, \"b\": 1 }")
                .meta("{}");

        Transaction one = TransactionEncoder.encodeMerge(
                new TreeMap<>(Map.of(stream, heads)), trailers, List.of(new Draft.Event(stream, here, null)));
        Transaction other = TransactionEncoder.encodeMerge(
                new TreeMap<>(Map.of(stream, List.of(heads.get(1), heads.get(0)))),
                trailers,
                List.of(new Draft.Event(stream, there, null)));

        assertEquals(one, other);
        assertEquals(heads.get(1).millis() + 1, one.header().id().millis());
        assertTrue(one.header().isMerge());
    }

    @Test
    void aMergeWhoseContentWasChangedHasTheWrongId() {
        String[] lines = new String(golden("merge"), StandardCharsets.UTF_8).split("\n", -1);
        byte[] resealed = sealed(lines[2], lines[3].replace("rule 7", "rule 8"));

        EventFiles.Told told = read(resealed);

        assertEquals(List.of(), told.transactions());
        assertTrue(told.flaw().startsWith("header, tx"), told.flaw());
    }

    @Test
    void aTransactionOfANewerFormatTakesItsPlace() {
        Transaction newer = read(golden("newer")).only();

        assertTrue(newer.header().isNewer());
        assertNotEquals(Map.of(), newer.header().writes());
        assertEquals(3, newer.header().events().size());
    }

    @Test
    void aFileWithConvertedLineEndsIsOneFlaw() {
        EventFiles.Told told = read(new String(golden("several"), StandardCharsets.UTF_8).replace("\n", "\r\n"));

        assertEquals(List.of(), told.transactions());
        assertTrue(told.flaw().startsWith("converted line ends"));
    }
}
