package dev.evstore.core.projection.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.evstore.core.id.EventId;
import dev.evstore.core.jackson.JacksonPayloads;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** States as bytes (rule S10). */
class StateCodecTest {

    /** A state with everything in it that has no order, or more than one text. */
    record Much(Map<String, Integer> map, Set<String> set, BigDecimal decimal, Instant at, List<Double> doubles) {}

    private static final EventId AT = EventId.of("01a1f9a5-4265-7000-8000-000000000001/3");

    private static <S> StateCodec<S> codec(Class<S> type) {
        return new StateCodec<>(new JacksonPayloads(), type);
    }

    private static Much much(Map<String, Integer> map, Set<String> set) {
        for (String name : List.of("é", "b", "a", "\uD83D\uDE00", "z", "\uFFFD")) {
            map.put(name, map.size());
            set.add(name);
        }
        map.replaceAll((name, n) -> name.length());
        return new Much(
                map, set, new BigDecimal("1.10"), Instant.parse("2026-11-20T06:00:00.120Z"), List.of(0.1, 1e21));
    }

    @Test
    void T83_mapsSetsDecimalsAndInstantsAreTheSameBytesEverywhere() { // T83, S10
        StateCodec<Much> codec = codec(Much.class);
        byte[] one = codec.encode(AT, much(new HashMap<>(), new HashSet<>()));
        Map<String, Integer> backwards = new LinkedHashMap<>();
        Set<String> set = new LinkedHashSet<>();
        List<String> names = new ArrayList<>(List.of("\uFFFD", "z"));
        Collections.reverse(names);
        names.forEach(set::add);
        names.forEach(name -> backwards.put(name, 0));
        byte[] other = codec.encode(AT, much(backwards, set));
        assertArrayEquals(one, other);
        assertArrayEquals(one, codec.encode(AT, codec.decode(AT, one)), "and after reading back");
        assertEquals(
                "{\"at\":\"2026-11-20T06:00:00.120Z\",\"decimal\":\"1.10\",\"doubles\":[0.1,1.0E21],"
                        + "\"map\":{\"a\":1,\"b\":1,\"z\":1,\"é\":1,\"\uFFFD\":1,\"\uD83D\uDE00\":2},"
                        + "\"set\":[\"a\",\"b\",\"z\",\"é\",\"\uFFFD\",\"\uD83D\uDE00\"]}",
                new String(Objects.requireNonNull(one), StandardCharsets.UTF_8));
    }

    @Test
    void noStateIsNoBytes() {
        assertNull(codec(String.class).encode(AT, null));
        assertNull(codec(String.class).decode(AT, null));
    }

    /** Its JSON says less than it holds, and reading fills it in otherwise. */
    static final class Drifting {
        @JsonProperty
        final int n;

        @JsonCreator
        Drifting(@JsonProperty("n") int n) {
            this.n = n + 1;
        }
    }

    @Test
    void aStateThatIsReadBackAsAnotherFails() { // S10
        ProjectionFailedException failed = assertThrows(
                ProjectionFailedException.class, () -> codec(Drifting.class).encode(AT, new Drifting(1)));
        assertEquals("the row whose last event is " + AT, failed.where());
        assertTrue(String.valueOf(failed.getMessage()).contains("read back as another"), failed.getMessage());
    }

    @Test
    void aStateThatCantBeWrittenOrReadFails() { // S10
        assertThrows(ProjectionFailedException.class, () -> codec(Double.class).encode(AT, Double.NaN));
        ProjectionFailedException failed = assertThrows(
                ProjectionFailedException.class,
                () -> codec(Integer.class).decode(AT, "\"secret\"".getBytes(StandardCharsets.UTF_8)));
        assertFalse(String.valueOf(failed.getMessage()).contains("secret"), failed.getMessage());
    }

    @Test
    void aStateHasSixteenMebibytesAtMost() { // S10
        StateCodec<String> codec = codec(String.class);
        String most = "x".repeat(StateCodec.MOST_BYTES - 2);
        assertEquals(StateCodec.MOST_BYTES, Objects.requireNonNull(codec.encode(AT, most)).length);
        ProjectionFailedException failed =
                assertThrows(ProjectionFailedException.class, () -> codec.encode(AT, most + "y"));
        assertTrue(String.valueOf(failed.getMessage()).contains("16777217"), failed.getMessage());
    }

    /** Reads back as another from a certain value on. */
    static final class Later {
        @JsonProperty
        final int n;

        @JsonCreator
        Later(@JsonProperty("n") int n) {
            this.n = n > 5_000 ? n + 1 : n;
        }
    }

    @Test
    void ofManyStatesSomeAreReadBackAllTheTime() { // S10
        StateCodec<Later> codec = codec(Later.class);
        for (int n = 0; n < 5_000; n++) {
            codec.encode(AT, new Later(n));
        }
        assertThrows(ProjectionFailedException.class, () -> {
            for (int n = 0; n < 64; n++) {
                codec.encode(AT, new Later(6_000));
            }
        });
    }
}
