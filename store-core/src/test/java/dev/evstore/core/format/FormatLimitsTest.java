package dev.evstore.core.format;

import static dev.evstore.core.format.EventFiles.ID;
import static dev.evstore.core.format.EventFiles.event;
import static dev.evstore.core.format.EventFiles.header;
import static dev.evstore.core.format.EventFiles.read;
import static dev.evstore.core.format.EventFiles.sealed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rule V4: at the limit valid, one more a flaw that says both. */
class FormatLimitsTest {

    private static final String MERGE_LIKE = "01936f2a-0000-8000-8000-000000000001";

    /** The file of size n is valid at the limit and not beyond. */
    private static void edge(int limit, String told, IntFunction<byte[]> file) {
        assertEquals(List.of(), read(file.apply(limit)).flaws());
        EventFiles.Told over = read(file.apply(limit + 1));
        assertEquals(List.of(), over.transactions());
        assertTrue(over.flaw().contains(told), over.flaw());
    }

    private static void edge(int limit, IntFunction<byte[]> file) {
        edge(limit, (limit + 1) + "; at most " + limit, file);
    }

    private static String x(int length) {
        return "x".repeat(length);
    }

    /** With a key that nobody knows, which makes it this long. */
    private static String padded(String header, int length) {
        String open = header.substring(0, header.length() - 1) + ",\"pad\":\"";
        return open + x(length - open.length() - 2) + "\"}";
    }

    private static String ids(int count, String between) {
        return IntStream.range(0, count)
                .mapToObj(i -> String.format("\"01936f29-%04x-7000-8000-000000000000\"%s", i, between))
                .collect(Collectors.joining(","));
    }

    private static String streams(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> String.format("\"s%06d\":{\"heads\":[]}", i))
                .collect(Collectors.joining(","));
    }

    private static String[] events(int count, boolean ofManyStreams) {
        return IntStream.range(0, count)
                .mapToObj(i -> String.format(
                        "{\"stream\":\"%s\",\"type\":\"T\",\"data\":1}",
                        ofManyStreams ? String.format("s%06d", i) : "a"))
                .toArray(String[]::new);
    }

    @Test
    void eventLine() {
        int around = event("\"\"").length();
        edge(1 << 20, "at most 1048576", n -> sealed(header(ID), event("\"" + x(n - around) + "\"")));
    }

    @Test
    void headerLine() {
        edge(1 << 20, n -> sealed(padded(header(ID), n), event("1")));
    }

    @Test
    void metaOfAnEvent() {
        edge(64 * 1024, n -> sealed(header(ID), event("1,\"meta\":{\"a\":\"" + x(n - 8) + "\"}")));
    }

    @Test
    void metaOfATransaction() {
        edge(
                64 * 1024,
                n -> sealed(
                        header(ID, ",\"meta\":{\"a\":\"" + x(n - 8) + "\"}", "\"a\":{\"heads\":[]}", 1), event("1")));
    }

    @Test
    void metaIsMeasuredAsItIsWritten() {
        edge(64 * 1024, n -> sealed(header(ID), event("1,\"meta\":{\"a\":\"\\u0061" + x(n - 14) + "\"}")));
    }

    @Test
    void type() {
        edge(255, "256 bytes", n -> sealed(header(ID), "{\"stream\":\"a\",\"type\":\"é" + x(n - 2) + "\",\"data\":1}"));
        assertTrue(read(sealed(header(ID), "{\"stream\":\"a\",\"type\":\"\",\"data\":1}"))
                .flaw()
                .contains("0 bytes"));
    }

    @Test
    void stream() {
        edge(255, "256 bytes", n -> {
            String name = "é" + x(n - 2);
            return sealed(
                    header(ID, "", "\"" + name + "\":{\"heads\":[]}", 1),
                    "{\"stream\":\"" + name + "\",\"type\":\"T\",\"data\":1}");
        });
    }

    @Test
    void tags() {
        edge(
                64,
                "event 0, tags: 65; at most 64",
                n -> sealed(header(ID), event("1,\"tags\":[" + "\"t\",".repeat(n - 1) + "\"\"]")));
    }

    @Test
    void bytesOfATag() {
        edge(255, n -> sealed(header(ID), event("1,\"tags\":[\"\\u00e9" + x(n - 2) + "\"]")));
    }

    @Test
    void transaction() {
        // Sixteen lines of 1 MiB less a bit, and one that makes it exact.
        edge(16 << 20, "at most 16777216", n -> {
            String[] lines = new String[17];
            Arrays.fill(lines, event("\"" + x((1 << 20) - 2000) + "\""));
            lines[16] = event("\"\"");
            int around = sealed(header(ID, "", "\"a\":{\"heads\":[]}", 17), lines).length;
            lines[16] = event("\"" + x(n - around) + "\"");
            return sealed(header(ID, "", "\"a\":{\"heads\":[]}", 17), lines);
        });
    }

    @Test
    void aMergeHeaderMayFillTheTransaction() {
        String header = "{\"v\":2,\"tx\":\"" + MERGE_LIKE
                + "\",\"parents\":{},\"streams\":{\"a\":{\"free\":true}},\"events\":0}";
        int around = sealed(header).length - header.length();
        edge(16 << 20, "at most 16777216", n -> sealed(padded(header, n - around)));
        assertTrue(read(sealed(padded(header, (16 << 20) + 1))).flaw().contains("at most 16777216"));
    }

    @Test
    void events() {
        edge(4096, n -> sealed(header(ID, "", "\"a\":{\"heads\":[]}", n), events(n, false)));
    }

    @Test
    void streams() {
        edge(256, n -> sealed(header(ID, "", streams(n), n), events(n, true)));
    }

    @Test
    void reads() {
        edge(256, n -> sealed(header(ID, ",\"reads\":{" + streams(n) + "}", "\"a\":{\"heads\":[]}", 1), event("1")));
    }

    @Test
    void parents() {
        edge(
                64,
                n -> sealed(
                        header(ID)
                                .replace(
                                        "\"parents\":{}",
                                        "\"parents\":{" + ids(n, ":\"" + EventFiles.HALF + "\"") + "}"),
                        event("1")));
    }

    @Test
    void command() {
        edge(
                200,
                "201 code points",
                n -> sealed(
                        header(ID, ",\"command\":\"" + "😀".repeat(n) + "\"", "\"a\":{\"heads\":[]}", 1), event("1")));
        assertTrue(read(sealed(header(ID, ",\"command\":\"\"", "\"a\":{\"heads\":[]}", 1), event("1")))
                .flaw()
                .contains("0 code points"));
    }

    @Test
    void aNewerFormatHasTheSameLimits() { // V3
        edge(
                64,
                n -> sealed(
                        header(ID)
                                .replace("{\"v\":1", "{\"v\":3")
                                .replace(
                                        "\"parents\":{}",
                                        "\"parents\":{" + ids(n, ":\"" + EventFiles.HALF + "\"") + "}"),
                        event("1")));
        edge(256, n -> sealed(header(ID, "", streams(n), n).replace("{\"v\":1", "{\"v\":3"), events(n, true)));
    }

    @Test
    void aMergeHasAnyNumberOfStreamsHeadsAndParents() { // T56
        TreeMap<StreamId, List<TransactionId>> heads = new TreeMap<>();
        TreeMap<TransactionId, String> trailers = new TreeMap<>();
        for (int i = 0; i < 70; i++) {
            TransactionId id = Merges.id(i);
            trailers.put(id, Sha256.hash(id.bytes()).half());
        }
        for (int i = 0; i < 3000; i++) {
            heads.put(StreamId.of("s" + i), List.copyOf(trailers.keySet()));
        }
        Transaction merge = TransactionEncoder.encodeMerge(heads, trailers, List.of());

        assertTrue(merge.bytes().length > Limits.HEADER_LINE);
        assertEquals(merge, read(merge.bytes()).only());
    }
}
