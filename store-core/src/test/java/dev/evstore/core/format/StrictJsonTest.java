package dev.evstore.core.format;

import static dev.evstore.core.format.EventFiles.holding;
import static dev.evstore.core.format.EventFiles.join;
import static dev.evstore.core.format.EventFiles.read;
import static dev.evstore.core.format.EventFiles.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule V1's JSON: what is data and what is not. Everything here has a right trailer. */
class StrictJsonTest {

    private static void good(String... data) {
        for (String value : data) {
            assertEquals(List.of(), read(holding(value)).flaws(), value);
        }
    }

    private static void bad(String why, String... data) {
        for (String value : data) {
            bad(why, utf8(value));
        }
    }

    private static void bad(String why, byte[] data) {
        EventFiles.Told told = read(holding(data));
        assertEquals(List.of(), told.transactions());
        assertTrue(told.flaw().contains(why), told.flaw());
        assertTrue(told.flaw().startsWith("event 0, "), told.flaw());
        assertEquals(List.of(2L), told.lines());
    }

    private static byte[] string(String hex) {
        return join(utf8("\""), HexFormat.of().parseHex(hex), utf8("\""));
    }

    @Test
    void T61_duplicateKeys() { // T61
        bad("stands twice", "{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":2}", "[{\"x\":{\"b\":1,\"c\":2,\"b\":3}}]");
        bad("stands twice", "{\"\":1,\"\":1}", "{\"é\":1,\"\\u00e9\":1}", "{\"\\ud83d\\ude00\":1,\"😀\":1}");
        good("{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}", "{\"a\":1,\"A\":1,\"á\":1}");
    }

    @Test
    void T61_duplicateKeysAmongMany() { // T61
        StringBuilder descending = new StringBuilder("{");
        for (int i = 40; i > 0; i--) {
            descending.append("\"k").append(i).append("\":0,");
        }
        good(descending + "\"k41\":0}");
        bad("stands twice", descending + "\"k17\":0}", descending + "\"\\u006b17\":0}");
    }

    @Test
    void T61_overlongUtf8() { // T61
        for (String hex :
                List.of("c080", "c1bf", "e09fbf", "f08fbfbf", "f8888080", "80", "bf", "c3", "e28080c3", "fe", "ff")) {
            bad("not UTF-8", string(hex));
        }
        bad("not UTF-8", string("f4908080"));
        assertEquals(
                List.of(),
                read(holding(string("c280dfbfe0a080ed9fbfee8080efbfbff0908080f48fbfbf")))
                        .flaws());
    }

    @Test
    void T61_loneSurrogates() { // T61
        bad("not UTF-8", string("eda080"));
        bad("not UTF-8", string("edbfbf"));
        bad(
                "lone surrogate",
                "\"\\ud800\"",
                "\"\\udc00\"",
                "\"\\ud800\\ud800\"",
                "\"\\ude00\\ud83d\"",
                "\"\\ud83dx\\ude00\"");
        bad("lone surrogate", "{\"\\uDBFF\":1}", "\"\\ud83d\\n\"");
        good("\"\\ud83d\\ude00\"", "\"\\uDBFF\\uDFFF\"");
    }

    @Test
    void T61_1E9999999() { // T61
        bad("exponent", "1E9999999", "1e401", "1e-401", "1E+000401", "[0,1e99999999999999999999]");
        good("1E400", "1e-400", "1e+0000400", "0e0");
        good("1".repeat(64), "-0." + "1".repeat(61));
        bad("characters of a number: 65; at most 64", "1".repeat(65), "-0." + "1".repeat(62));
    }

    @Test
    void T61_depth10000() { // T61
        bad("levels of nesting: 65; at most 64", "[".repeat(10_000) + "]".repeat(10_000));
        bad("levels of nesting", "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000), "[".repeat(10_000));
        good("[".repeat(63) + "]".repeat(63), "{\"a\":".repeat(63) + "1" + "}".repeat(63));
        bad("levels of nesting", "[".repeat(64) + "]".repeat(64));
    }

    @Test
    void numbersFollowTheGrammar() {
        good("0", "-0", "0.5", "10", "1.0", "1e5", "1E+5", "-1.5e-5");
        bad(
                "JSON",
                "01",
                "-",
                "+1",
                ".5",
                "1.",
                "1.e5",
                "1e",
                "1e+",
                "0x1",
                "NaN",
                "Infinity",
                "-Infinity",
                "1_0",
                "--1");
    }

    @Test
    void thereIsNoWhiteSpaceOutsideStrings() {
        good("\" a b \"");
        bad("JSON", " 1", "1 ", "[1, 2]", "{ }", "{\"a\": 1}", "{\"a\" :1}", "\t1", "1\r");
    }

    @Test
    void stringsHoldNoControlCharacterAndOnlyJsonsEscapes() {
        good("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uFFFF\"", "\"\u007f\u2028\"");
        bad("control character", "\"\u0001\"", "\"\t\"", "\"\u001f\"", "\"\r\"");
        bad("JSON", "\"\\x41\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\'\"", "'a'");
    }

    @Test
    void whatIsNoValueIsNone() {
        bad(
                "JSON",
                "",
                "tru",
                "nul",
                "True",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{\"a\"}",
                "{\"a\":}",
                "{,}",
                "{\"a\":1,}",
                "{a:1}");
        bad("JSON", "1}", "[", "]", "{", "}", "[}", "{]", "1,", "\"", "\"\\\"", "//", "[1]]");
    }

    @Test
    void aHundredThousandKeysAreComparedWithoutComparingEachWithEach() throws Flaw {
        StringBuilder keys = new StringBuilder("{");
        for (int i = 99_999; i > 0; i--) {
            // Not in order, so that nothing but sorting tells them apart.
            keys.append('"').append(i * 7919L % 100_003).append("\":0,");
        }
        good(keys + "\"x\":0}");
        bad("stands twice", keys + "\"7919\":0}");

        DistinctKeys distinct = new DistinctKeys();
        byte[] line = utf8(keys.toString());
        StrictJson json = new StrictJson(distinct);
        json.reset(line, 0, line.length - 1);
        json.enterObject();
        int count = 0;
        for (; json.peek() != -1 && count < 99_999; count++) {
            json.nextKey();
            json.skip();
        }
        distinct.close();
        assertTrue(distinct.comparisons() < 40L * count, distinct.comparisons() + " comparisons");
    }
}
