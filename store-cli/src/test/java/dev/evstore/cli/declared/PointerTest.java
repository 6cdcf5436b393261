package dev.evstore.cli.declared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PointerTest {

    /** The document of RFC 6901, section 5. */
    private static final String RFC =
            "{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,\"g|h\":4,\"i\\\\j\":5,"
                    + "\"k\\\"l\":6,\" \":7,\"m~n\":8}";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "/foo;[\"bar\",\"baz\"]",
                "/foo/0;\"bar\"",
                "/;0",
                "/a~1b;1",
                "/c%d;2",
                "/e^f;3",
                "/g|h;4",
                "/i\\j;5",
                "/k\"l;6",
                "/ ;7",
                "/m~0n;8"
            })
    void theExamplesOfItsStandardHold(String pointer, String value) {
        assertEquals(value, Pointer.of(pointer).in(RFC));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/foo/2", "/foo/-", "/foo/00", "/foo/x", "/none", "/foo/0/x", "/m~n~0", "/foo/99999999999"})
    void whatIsNotThereIsNothing(String pointer) {
        assertNull(Pointer.of(pointer.replace("~n", "~0n")).in(RFC));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/~", "/~2", "/a~/b", "/~01~"})
    void aTildeStandsOnlyForWhatTheStandardSays(String pointer) {
        assertThrows(IllegalArgumentException.class, () -> Pointer.of(pointer));
    }

    @Test
    void numbersKeepTheirTextAndStringsHaveOne() {
        String json = "{\"n\":[1.50,1E400,-0],\"s\":\"\\u0041\\/\\u001f\\ud83d\\ude00\",\"o\":{\"b\":1,\"a\":2}}";
        assertEquals("[1.50,1E400,-0]", Pointer.of("/n").in(json));
        assertEquals("\"A/\\u001F😀\"", Pointer.of("/s").in(json));
        assertEquals("{\"b\":1,\"a\":2}", Pointer.of("/o").in(json));
        assertEquals("null", Pointer.of("/x").in("{\"x\":null}"));
    }

    @Test
    void theLongestNameIsWalked() { // the format has no limit but the event's own
        String name = "n".repeat(200_000);
        assertEquals("7", Pointer.of("/k").in("{\"" + name + "\":1,\"k\":7}"));
        assertEquals("{\"" + name + "\":1}", Pointer.WHOLE.in("{\"" + name + "\":1}"));
    }

    @Test
    void theDeepestPayloadIsWalked() {
        String json = "[".repeat(63) + "7" + "]".repeat(63);
        assertEquals("7", Pointer.of("/0".repeat(63)).in(json));
        assertNull(Pointer.of("/0".repeat(64)).in(json));
        assertEquals(json, Pointer.WHOLE.in(json));
    }
}
