package dev.evstore.core.format;

import static dev.evstore.core.format.EventFiles.golden;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Files of format 1 that nobody edits, written by hand and not by this encoder. If one of these fails, the format has
 * changed, and every store out there with it.
 */
class GoldenTest {

    private static final String OPENED = "01a0a0f0-0000-7000-8000-00000000000a";
    private static final String DEPOSITED = "01a0a0f0-0001-7abc-9def-0123456789ab";
    private static final String WITHDRAWN = "01a0a0f0-0001-7abc-9def-0123456789ac";
    private static final String PERSON = "01a0a0f1-0000-7000-a000-000000000001";
    private static final String OPENED_HASH = "2e220e4369215e9c537a30a459371d31631735cc548b61dacf4a731dcddb46cc";
    private static final String DEPOSITED_HASH = "c69b5bed62acddd7d7db53ff0f0fa7ccce947b0d259787c92d9ef0f0e0035a04";
    private static final String WITHDRAWN_HASH = "b41cc5a7affb4cb8ba480024a152c1ed3d8fa360e9bd75a6dd743c95c849723b";
    private static final String PERSON_HASH = "e486641a753292cac907774a29bd1afb0ce51191aa4a117f393db79110235e68";

    private static List<TransactionHeader> headers(String name, String... idsAndTrailers) {
        EventFiles.Told told = EventFiles.read(golden(name));
        assertEquals(List.of(), told.flaws());
        List<TransactionHeader> headers =
                told.transactions().stream().map(Transaction::header).toList();
        assertEquals(
                List.of(idsAndTrailers),
                headers.stream()
                        .flatMap(h -> List.of(h.id().toString(), h.trailer().toString()).stream())
                        .toList());
        return headers;
    }

    @Test
    void anOrdinaryTransaction() {
        TransactionHeader header =
                headers("ordinary", DEPOSITED, DEPOSITED_HASH).get(0);

        assertEquals(1, header.format());
        TransactionHeader.Superseding onOpened = new TransactionHeader.Superseding(List.of(TransactionId.of(OPENED)));
        assertEquals(
                Map.of(StreamId.of("account-1"), onOpened, StreamId.of("log"), new TransactionHeader.Free()),
                header.writes());
        assertEquals(Map.of(StreamId.of("rates"), onOpened.heads()), header.reads());
        assertEquals(Map.of(TransactionId.of(OPENED), OPENED_HASH.substring(0, 32)), header.parents());
        assertEquals("deposit-17", header.command());
        assertEquals("{\"actor\":\"ada\",\"trace\":[1,2.50,{\"deep\":null}]}", header.meta());
        assertEquals(List.of("vip", "größe \"7\""), header.events().get(0).tags());

        Transaction transaction = EventFiles.read(golden("ordinary")).only();
        EventLine line = EventLine.parse(transaction.line(0));
        assertEquals("{\"amount\":1.10,\"big\":123456789012345678901234567890,\"e\":1E+05}", line.data()); // V5
        assertEquals("{\"source\":\"desk\"}", line.meta());
        assertEquals("null", EventLine.parse(transaction.line(2)).data());
    }

    @Test
    void severalTransactions() {
        headers("several", OPENED, OPENED_HASH, DEPOSITED, DEPOSITED_HASH, WITHDRAWN, WITHDRAWN_HASH);
        List<Long> offsets = EventFiles.read(golden("several")).offsets();
        assertEquals(List.of(0L, 364L, 1256L), offsets);
    }

    @Test
    void whatWasWrittenByHandIsWrittenAlikeByTheEncoder() {
        for (String name : List.of("ordinary", "several", "redactable")) {
            for (Transaction transaction : EventFiles.read(golden(name)).transactions()) {
                assertArrayEquals(
                        transaction.bytes(),
                        TransactionEncoder.encode(Drafts.of(transaction)).bytes());
            }
        }
    }

    @Test
    void aRedactedTransactionKeepsIdAndTrailer() {
        TransactionHeader full = headers("redactable", PERSON, PERSON_HASH).get(0);
        TransactionHeader redacted = headers("redacted", PERSON, PERSON_HASH).get(0);

        assertEquals(Set.of(), full.redacted());
        assertEquals(Set.of(0), redacted.redacted());
        assertEquals(
                EventFiles.read(golden("redactable")).only().lines().get(0).leaf(),
                EventFiles.read(golden("redacted")).only().lines().get(0).leaf());
    }

    @Test
    void aMergeWithAndWithoutEvents() { // M1, M4
        List<TransactionHeader> merges = headers(
                "merge",
                "01a0a0f0-0002-8787-9ee3-65b57d5e92a3",
                "35576f3788aca447662fc6a7fc0f1c18137d98beba60b00f59d548386432465e",
                "01a0a0f0-0002-8e7a-9906-04f2e1b0f53e",
                "2fe407e9f71d3b8916606e0c816e2cef31a131333ef13892771bcacfa5b9510b");
        assertTrue(merges.stream().allMatch(TransactionHeader::isMerge));
        assertNull(merges.get(0).origin());

        NewEvent event =
                NewEvent.of("Reconciled", """
                        { "😀": 2, "～": 1.0, "a": "\\u00e9\\u0001",
                          "Z": [1e21, 0.0000001, 4.9E-324, 1.0E23, 1E-1, 9007199254740993.0, 9007199254740993, 1e2],
                          "": -0 }""").meta("{ \"by\" : \"rule 7\" }").tags("b", "a");
        List<Transaction> written = List.of(merge(), merge(event));
        assertArrayEquals(
                golden("merge"),
                EventFiles.join(written.get(0).bytes(), written.get(1).bytes()));
    }

    /** Whatever a JDK prints in a way of its own, or escapes or sorts otherwise. */
    @Test
    void T60_aMergeOfWhatIsHardToWriteAlike() { // T60, M1
        headers(
                "merge-hard",
                "01a0a0f0-0002-8f8d-b0b2-f332136b5949",
                "ac1e41ace861dd4609ef600ca2066c95c9ea8b53f1709e4cb18e1dfcf1e5b386");
        String integers = "-0,0,-12,9007199254740993,123456789012345678901234567890,";
        String numbers = "[" + integers + String.join(",", EcmaNumberTest.HARD.keySet()) + "]";
        StringBuilder controls = new StringBuilder();
        for (int c = 0; c < ' '; c++) {
            controls.append(String.format("\\u%04X", c));
        }
        String others = "\\u0022\\\\\\/\\u007f\\u0080\\u2028\\u2029\\ufeff\\u202E\\uFFFF\\uD83D\\ude00";
        String keys = "{\"a\":9,\"A\":8,\"\\uD83D\\uDE00\":7,\"\\uff5e\":6,\"\\u2028\":5,\"\\u00E9\":4,"
                + "\"\\u007F\":3,\"\\\"\":10,\"\":2,\"" + controls + "\":1}";
        Transaction written = merge(
                NewEvent.of("Numbers", numbers).meta("{\"n\":-0.0,\"e\":1E21}"),
                NewEvent.of("Strings", "[\"" + controls + "\",\"" + others + "\"]"),
                NewEvent.of("Keys", keys));
        assertArrayEquals(golden("merge-hard"), written.bytes());
    }

    /** Of the two heads of account-1. */
    private static Transaction merge(NewEvent... resolution) {
        StreamId account = StreamId.of("account-1");
        var heads = new TreeMap<>(Map.of(account, List.of(TransactionId.of(WITHDRAWN), TransactionId.of(DEPOSITED))));
        var trailers = new TreeMap<>(Map.of(
                TransactionId.of(DEPOSITED), DEPOSITED_HASH.substring(0, 32),
                TransactionId.of(WITHDRAWN), WITHDRAWN_HASH.substring(0, 32)));
        return TransactionEncoder.encodeMerge(
                heads,
                trailers,
                Stream.of(resolution)
                        .map(event -> new Draft.Event(account, event, null))
                        .toList());
    }

    @Test
    void aNewerFormat() { // V3
        TransactionHeader header = headers(
                        "newer", PERSON, "86675dd2ae752dab205c7f5efcf0f27e70bb0c7a1980744e0c0994e22fbb4d84")
                .get(0);

        assertEquals(2, header.format());
        assertNull(header.origin());
        assertNull(header.meta());
        assertEquals(Map.of(), header.reads());
        assertEquals(2, header.supersedes(StreamId.of("a")).size());
        assertEquals(new TransactionHeader.Free(), header.writes().get(StreamId.of("b")));
        assertEquals(Set.of(1), header.redacted());
        assertEquals("New", header.events().get(2).type().value());
        assertEquals(List.of(), header.events().get(2).tags());
    }

    @Test
    void unknownKeysAreKeptAndCovered() { // V1
        headers("unknown-keys", OPENED, "20f5b6464c45e7f9eb99e6112cda15915725cb79af92cbd522daa1fc771e0a47");
        byte[] line = EventFiles.read(golden("unknown-keys")).only().line(0);
        assertEquals(
                "{\"\\u0061\":\"\\/\\ud83d\\ude00\"}", EventLine.parse(line).data());
    }
}
