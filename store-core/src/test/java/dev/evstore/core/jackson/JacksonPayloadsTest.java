package dev.evstore.core.jackson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.evstore.core.codec.PayloadException;
import dev.evstore.core.codec.Payloads;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JacksonPayloadsTest {

    private final Payloads payloads = new JacksonPayloads();

    record Everything(
            BigDecimal decimal,
            BigInteger integer,
            long number,
            double real,
            float small,
            Instant at,
            LocalDate day,
            ZonedDateTime meeting,
            Duration length,
            UUID id,
            Color color,
            Optional<String> note,
            List<Integer> list,
            Map<Color, Set<String>> sets) {}

    enum Color {
        RED,
        GREEN;

        @Override
        public String toString() {
            return "a colour";
        }
    }

    record Numbered(int number) {}

    record Real(double real) {}

    record Reals(List<Double> boxed, double[] array, float small) {}

    record Decimal(BigDecimal decimal) {}

    record Whole(BigInteger integer) {}

    record Text(String text) {}

    record Timed(Instant at) {}

    record Flag(boolean flag) {}

    record Times(
            @Nullable Duration length,
            @Nullable LocalDate day,
            @Nullable OffsetDateTime moment,
            @Nullable Date date,
            @Nullable Year year) {}

    record Listed(List<Integer> list, Optional<Integer> maybe) {}

    record Colored(Color color) {}

    record Maybe(@Nullable String text, Optional<Integer> number, int there) {}

    record Positive(int number) {
        Positive {
            if (number < 1) {
                throw new IllegalArgumentException("secret " + number);
            }
        }

        public boolean isLarge() {
            return number > 100;
        }

        public int getDouble() {
            return 2 * number;
        }
    }

    record Mapped(Map<?, ?> map) {}

    record Elements(Set<?> set) {}

    record Keyed(Map<String, Integer> map) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    sealed interface Shape permits Circle, Square {}

    record Circle(BigDecimal radius) implements Shape {}

    record Square(double side) implements Shape {}

    record Drawing(Map<String, Shape> shapes, Set<Shape> others) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    interface Open {}

    record Opened(Open open) {}

    record Harmless() implements Open {}

    @Test
    void valuesKeepEverythingThereAndBack() { // S10
        Everything all = new Everything(
                new BigDecimal("12345678901234567890.1234567890"),
                new BigInteger("123456789012345678901234567890"),
                Long.MAX_VALUE,
                0.1,
                0.1f,
                Instant.parse("2026-11-20T06:00:00.123456789Z"),
                LocalDate.of(2026, 11, 20),
                ZonedDateTime.parse("2026-11-20T06:00:00+01:00[Europe/Berlin]"),
                Duration.ofMillis(90_001),
                new UUID(1, 2),
                Color.GREEN,
                Optional.empty(),
                List.of(3, 1, 2),
                Map.of(Color.RED, Set.of("b", "a"), Color.GREEN, Set.of()));
        String text = payloads.write(all);
        assertEquals(
                "{\"at\":\"2026-11-20T06:00:00.123456789Z\",\"color\":\"GREEN\",\"day\":\"2026-11-20\","
                        + "\"decimal\":\"12345678901234567890.1234567890\",\"id\":\"00000000-0000-0001-0000-000000000002\","
                        + "\"integer\":123456789012345678901234567890,\"length\":\"PT1M30.001S\",\"list\":[3,1,2],"
                        + "\"meeting\":\"2026-11-20T06:00:00+01:00[Europe/Berlin]\",\"note\":null,"
                        + "\"number\":9223372036854775807,\"real\":0.1,\"sets\":{\"GREEN\":[],\"RED\":[\"a\",\"b\"]},"
                        + "\"small\":0.1}",
                text);
        Everything back = payloads.read(text, Everything.class);
        assertEquals(all, back);
        assertEquals(text, payloads.write(back));
    }

    @Test
    void T83_mapsAndSetsAreWrittenInTheOrderOfBytesWhateverTheirOwn() { // T83, S10
        Map<Object, Object> map = new HashMap<>();
        for (int i = 40; i > 0; i--) {
            map.put("k" + i, i);
        }
        map.put("\ud83d\ude00", new TreeSet<>(List.of("b", "a")).descendingSet());
        map.put("\uffee", new LinkedHashSet<>(List.of(10, 9, 1)));
        String text = payloads.write(new Mapped(map));
        assertTrue(text.startsWith("{\"map\":{\"k1\":1,\"k10\":10,\"k11\":11,"), text);
        // Not by UTF-16 units, which has the surrogates first.
        assertTrue(text.endsWith("\"k9\":9,\"\uffee\":[1,10,9],\"\ud83d\ude00\":[\"a\",\"b\"]}}"), text);
    }

    @Test
    void keysThatAreOneAsTextAreRefused() {
        Map<Object, Integer> map = new HashMap<>();
        map.put(1, 1);
        map.put("1", 2);
        assertThrows(PayloadException.class, () -> payloads.write(new Mapped(map)));
        assertThrows(
                PayloadException.class,
                () -> payloads.write(new Mapped(new HashMap<>(java.util.Collections.singletonMap(null, 1)))));
    }

    @Test
    void whatIsNotAPropertyIsNotWritten() {
        assertEquals("{\"number\":101}", payloads.write(new Positive(101)));
    }

    @Test
    void whatIsAddedLaterIsPassedOverAndWhatIsMissingIsNullUnlessPrimitive() {
        assertEquals(
                new Maybe(null, Optional.empty(), 1),
                payloads.read("{\"there\":1,\"added\":{\"x\":[1]}}", Maybe.class));
        assertThrows(PayloadException.class, () -> payloads.read("{\"text\":\"x\"}", Maybe.class));
        assertThrows(PayloadException.class, () -> payloads.read("{\"there\":null}", Maybe.class));
        assertNull(payloads.read("{}", Text.class).text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"number\":\"5\"}",
                "{\"number\":1.5}",
                "{\"number\":1.0}",
                "{\"number\":true}",
                "{\"number\":\"\"}",
                "{\"number\":2147483648}",
                "{\"number\":1E400}",
                "{\"number\":[5]}",
                "[]",
                "null",
                "5",
                "\"\"",
                "\"5\"",
                "{\"number\":5} {}",
                "{\"number\":"
            })
    void nothingIsCoercedToAnInteger(String json) {
        assertThrows(PayloadException.class, () -> payloads.read(json, Numbered.class));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'real':1E400}|Real",
                "{'real':'NaN'}|Real",
                "{'real':'1'}|Real",
                "{'real':''}|Real",
                "{'boxed':[1E400]}|Reals",
                "{'array':[1E400]}|Reals",
                "{'array':5}|Reals",
                "{'array':['NaN']}|Reals",
                "{'small':1E39}|Reals",
                "{'decimal':true}|Decimal",
                "{'decimal':'x'}|Decimal",
                "{'decimal':''}|Decimal",
                "{'decimal':[1]}|Decimal",
                "{'decimal':'1E1001'}|Decimal",
                "{'decimal':'1E-1001'}|Decimal",
                "{'decimal':'1E2147483647'}|Decimal",
                "{'integer':1E400}|Whole",
                "{'integer':1E2147483647}|Whole",
                "{'integer':'5'}|Whole",
                "{'text':5}|Text",
                "{'text':1.5}|Text",
                "{'text':true}|Text",
                "{'text':[]}|Text",
                "{'at':5}|Timed",
                "{'at':1E400}|Timed",
                "{'at':'yesterday'}|Timed",
                "{'at':''}|Timed",
                "{'flag':'true'}|Flag",
                "{'flag':1}|Flag",
                "{'flag':null}|Flag",
                "{'length':1E400}|Times",
                "{'length':5}|Times",
                "{'day':5}|Times",
                "{'day':1E400}|Times",
                "{'day':[2026,1,1]}|Times",
                "{'day':''}|Times",
                "{'moment':5}|Times",
                "{'moment':'5'}|Times",
                "{'at':'5'}|Timed",
                "{'date':'5'}|Times",
                "{'moment':1E400}|Times",
                "{'date':5}|Times",
                "{'date':1E400}|Times",
                "{'year':'x'}|Times",
                "{'list':5}|Listed",
                "{'list':''}|Listed",
                "{'list':['1']}|Listed",
                "{'maybe':'1'}|Listed",
                "{'maybe':''}|Listed",
                "{'color':'a colour'}|Colored",
                "{'color':'BLUE'}|Colored",
                "{'color':''}|Colored",
                "{'color':0}|Colored",
                "{'map':{'a':'1'}}|Keyed",
                "{'map':[]}|Keyed"
            },
            quoteCharacter = '`')
    void aMismatchIsAnErrorAndQuotesNothing(String json, String type) throws ClassNotFoundException { // R7
        Class<?> target = Class.forName(JacksonPayloadsTest.class.getName() + "$" + type);
        assertThrows(PayloadException.class, () -> payloads.read(json.replace('\'', '"'), target), json);
    }

    @Test
    void aDecimalGivenAsANumberKeepsItsDigits() {
        BigDecimal digits = new BigDecimal("12345678901234567890.10");
        assertEquals(new Decimal(digits), payloads.read("{\"decimal\":12345678901234567890.10}", Decimal.class));
        assertEquals("{\"decimal\":\"12345678901234567890.10\"}", payloads.write(new Decimal(digits)));
        assertEquals(new Decimal(new BigDecimal("1E+400")), payloads.read("{\"decimal\":1E400}", Decimal.class));
    }

    @Test
    void whatIsNotFiniteOrTooLongIsNotWritten() {
        for (Object value : List.of(
                new Real(Double.NaN),
                new Reals(List.of(Double.POSITIVE_INFINITY), new double[0], 0),
                new Reals(List.of(), new double[] {Double.NaN}, 0),
                new Reals(List.of(), new double[0], Float.NEGATIVE_INFINITY),
                new Decimal(new BigDecimal("1E+1001")),
                new Elements(Set.of(Double.NaN)))) {
            assertThrows(PayloadException.class, () -> payloads.write(value), value::toString);
        }
    }

    @Test
    void depthIsLimitedBothWays() {
        assertThrows(
                PayloadException.class,
                () -> payloads.read("{\"map\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}", Mapped.class));
        Map<Object, Object> itself = new HashMap<>();
        itself.put("again", itself);
        assertThrows(PayloadException.class, () -> payloads.write(new Mapped(itself)));
        Object[] around = new Object[1];
        around[0] = Arrays.asList(around, 1);
        assertThrows(PayloadException.class, () -> payloads.write(new Mapped(Map.of(1, around))));
    }

    @Test
    void messagesNameThePlaceAndTheClassAndHoldNoPayload() { // R7
        for (String json : List.of(
                "{\"number\":\"secret\"}",
                "{\"number\":secret}",
                "{\"secret\":1,\"number\":[\"secret\"]}",
                "{\"number\":-7}",
                "\"secret\"")) {
            PayloadException e = assertThrows(PayloadException.class, () -> payloads.read(json, Positive.class));
            String all = e + " " + e.getCause();
            assertFalse(all.contains("secret") || all.contains("-7"), all);
            assertTrue(all.contains("Positive"), all);
        }
        PayloadException e =
                assertThrows(PayloadException.class, () -> payloads.read("{\"map\":{\"secret\":\"x\"}}", Keyed.class));
        assertFalse(e.toString().contains("secret"), e::toString);
        assertTrue(e.toString().contains("at character 17"), e::toString);
        PayloadException refused =
                assertThrows(PayloadException.class, () -> payloads.read("{\"number\":0}", Positive.class));
        assertTrue(refused.toString().contains("IllegalArgumentException"), refused::toString);
        assertTrue(
                Arrays.stream(refused.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(Positive.class.getName())),
                "the stack shows where");
    }

    @Test
    void aSealedTypeWithinAPayloadSaysWhichByName() {
        Drawing drawing =
                new Drawing(Map.of("b", new Circle(new BigDecimal("1.50")), "a", new Square(2)), Set.of(new Square(1)));
        String text = payloads.write(drawing);
        assertEquals(drawing, payloads.read(text, Drawing.class), text);
        assertEquals(text, payloads.write(payloads.read(text, Drawing.class)));
    }

    @Test
    void aPayloadNeverNamesAClass() {
        String json = "{\"open\":{\"@class\":\"" + Harmless.class.getName() + "\"}}";
        assertThrows(PayloadException.class, () -> payloads.read(json, Opened.class));
    }
}
