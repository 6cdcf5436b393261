package dev.evstore.cli.declared;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.cli.input.JsonText;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RowPayloadsProperties {

    private final RowPayloads payloads = new RowPayloads();

    @Property(tries = 500)
    void aRowIsReadBackAsItWasWritten(@ForAll("rows") RowState row) { // S10
        String text = payloads.write(row);
        RowState again = payloads.read(text, RowState.class);
        assertEquals(row, again);
        assertEquals(text, payloads.write(again));
    }

    @Provide
    Arbitrary<RowState> rows() {
        Arbitrary<String> scalars = Arbitraries.oneOf(
                Arbitraries.strings()
                        .ofMaxLength(5)
                        .filter(text -> text.codePoints().noneMatch(c -> c >= 0xD800 && c < 0xE000))
                        .map(JsonText::string),
                Arbitraries.bigDecimals()
                        .between(new BigDecimal("-1e30"), new BigDecimal("1e30"))
                        .map(Values::text),
                Arbitraries.of("true", "false", "null", "1.50", "-0", "1E400"));
        Arbitrary<String> arrays = scalars.list().ofMaxSize(3).map(all -> "[" + String.join(",", all) + "]");
        Arbitrary<String> objects = Arbitraries.maps(
                        Arbitraries.strings().alpha().ofMaxLength(3), Arbitraries.oneOf(scalars, arrays))
                .ofMaxSize(3)
                .map(JsonText::object);
        Arbitrary<String> values = Arbitraries.oneOf(
                scalars,
                arrays,
                objects,
                objects.list().ofMaxSize(2).map(Object::toString).map(text -> text.replace("}, {", "},{")));
        return Arbitraries.maps(
                        Arbitraries.strings()
                                .withChars("abcé.-_Z9")
                                .ofMinLength(1)
                                .ofMaxLength(4),
                        values)
                .ofMaxSize(5)
                .map(cells -> RowState.of(new TreeMap<>(cells.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, cell -> Cell.of(cell.getValue()))))));
    }
}
