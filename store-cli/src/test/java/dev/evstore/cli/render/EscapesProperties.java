package dev.evstore.cli.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

final class EscapesProperties {

    private static final JsonFactory JSON = new JsonFactory();

    @Property
    void nothingThatActsOnATerminalComesThrough(@ForAll String text) {
        String escaped = Escapes.escape(text);
        assertFalse(escaped.codePoints()
                .anyMatch(c -> Character.isISOControl(c)
                        || Character.getType(c) == Character.SURROGATE
                        || Character.getDirectionality(c) == Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE));
        assertSame(escaped, Escapes.escape(escaped));
    }

    @Property
    void jsonTextSaysTheSameAfterwards(@ForAll String text) {
        java.io.StringWriter written = new java.io.StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), written)) {
            json.writeString(text);
        }
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), Escapes.escape(written.toString()))) {
            json.nextToken();
            assertEquals(text, json.getString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "7, \\u0007",
        "A, \\u000a",
        "1B, \\u001b",
        "7F, \\u007f",
        "9B, \\u009b",
        "61C, \\u061c",
        "200B, \\u200b",
        "202E, \\u202e",
        "2066, \\u2066",
        "FEFF, \\ufeff",
        "FFFE, \\ufffe",
        "E0041, \\udb40\\udc41",
        "D800, \\ud800"
    })
    void eachKindIsMadeVisible(String codePoint, String shown) {
        assertEquals(
                "a" + shown + "b", Escapes.escape("a" + Character.toString(Integer.parseInt(codePoint, 16)) + "b"));
    }

    @ParameterizedTest
    @CsvSource({"plain", "Grüße", "日本語", "😀", "שלום"})
    void whatDeceivesNobodyStays(String text) {
        assertSame(text, Escapes.escape(text));
    }
}
