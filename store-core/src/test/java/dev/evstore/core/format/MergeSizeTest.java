package dev.evstore.core.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.Foreign;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** How many streams one merge holds (rule V4). */
class MergeSizeTest {

    @Property(tries = 200)
    void theHeadersLengthIsKnownBeforeItIsWritten(@ForAll long seed) { // V4
        Random random = new Random(seed);
        Merges.Case some = Merges.random(random, new Drafts(random));
        SortedMap<StreamId, List<TransactionId>> heads = new TreeMap<>(some.heads());
        heads.put(StreamId.of("\"\\ \u00e9\ud83d\ude00/" + "x".repeat(random.nextInt(9))), heads.get(heads.firstKey()));

        Transaction merge = TransactionEncoder.encodeMerge(heads, some.trailers(), List.of());
        String header = new String(merge.bytes(), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElseThrow();
        int digitsLeftOut = String.valueOf(Limits.EVENTS).length() - 1;
        assertEquals(header.getBytes(StandardCharsets.UTF_8).length + digitsLeftOut, MergeSize.header(heads));
        assertEquals(heads.size(), MergeSize.prefix(heads));
    }

    @Test
    void whatDoesNotFitIsLeftOutFromTheEnd() { // V4, T56
        SortedMap<StreamId, List<TransactionId>> heads = new TreeMap<>();
        SortedMap<TransactionId, String> trailers = new TreeMap<>();
        for (int s = 0; s < 3; s++) {
            int stream = s;
            List<TransactionId> ids = IntStream.range(0, 70_000)
                    .mapToObj(k -> Foreign.id(1000 + stream, k))
                    .toList();
            heads.put(StreamId.of("s" + s), ids);
            ids.forEach(id -> trailers.put(id, "0".repeat(32)));
        }
        assertEquals(2, MergeSize.prefix(heads));
        assertEquals(0, MergeSize.prefix(onOneStream(heads)));
        assertThrows(IllegalArgumentException.class, () -> TransactionEncoder.encodeMerge(heads, trailers, List.of()));
        heads.remove(heads.lastKey());
        TransactionEncoder.encodeMerge(heads, trailers, List.of());
    }

    private static SortedMap<StreamId, List<TransactionId>> onOneStream(
            SortedMap<StreamId, List<TransactionId>> heads) {
        SortedMap<StreamId, List<TransactionId>> one = new TreeMap<>();
        one.put(heads.firstKey(), heads.values().stream().flatMap(List::stream).toList());
        return one;
    }
}
