package dev.evstore.cli.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class LineParserProperties {

    private final LineParser parser = LineParser.forImport(true);

    @Property(tries = 300)
    void dataAndMetaKeepTheirText(@ForAll("values") String data, @ForAll("values") String extra) { // V5
        String line = "{ \"data\" : " + data + " ,\"stream\":\"s\",\"type\":\"T\",\"extra\":" + extra + "}";
        InputEvent event = parser.parse(line);
        assertEquals(data, event.event().data());
        assertEquals("{\"extra\":" + extra + "}", event.event().meta());
    }

    @Example
    void namesInDataHaveNoLimitOfTheirOwn() { // append takes what import takes
        String data = "{\"" + "n".repeat(200_000) + "\":1}";
        assertEquals(
                data,
                parser.parse("{\"stream\":\"s\",\"type\":\"T\",\"data\":" + data + "}")
                        .event()
                        .data());
    }

    @Property(tries = 300)
    void whatIsNoSuchObjectIsRefusedAndNothingElse(@ForAll String line) {
        assertThrows(IllegalArgumentException.class, () -> parser.parse(line));
    }

    @Property(tries = 300)
    void aCutLineIsRefused(@ForAll("values") String data, @ForAll int at) {
        String line = "{\"stream\":\"s\",\"type\":\"T\",\"data\":" + data + "}";
        String cut = line.substring(0, Math.floorMod(at, line.length()));
        assertThrows(IllegalArgumentException.class, () -> parser.parse(cut));
    }

    @Provide
    Arbitrary<String> values() {
        Arbitrary<String> scalars = Arbitraries.oneOf(
                Arbitraries.of(
                        "null", "true", "false", "1", "-0", "1.0", "1.50e+07", "12345678901234567890.10", "\"\""),
                Arbitraries.strings().map(JsonText::string),
                Arbitraries.of("\"\\u0041\\/\"", "\"\ud83d\ude00\"", "\" a \""));
        return Arbitraries.lazyOf(
                () -> scalars,
                () -> scalars,
                () -> values().list().ofMaxSize(3).map(list -> "[" + String.join(" , ", list) + "]"),
                () -> values().map(value -> JsonText.object(Map.of("k", value))));
    }
}
