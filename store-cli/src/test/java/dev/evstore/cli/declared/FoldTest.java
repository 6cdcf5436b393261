package dev.evstore.cli.declared;

import static dev.evstore.cli.declared.Given.event;
import static dev.evstore.cli.declared.Given.field;
import static dev.evstore.cli.declared.Given.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.evstore.core.projection.UnfoldableEventException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FoldTest {

    @Test
    void setTakesWhatTheLastEventSaysThatHasIt() {
        Declaration set = field("{ on: [A, B], set: /x }");
        assertEquals("{\"f\":null}", row(set, event("A", "{}")));
        assertEquals("{\"f\":2}", row(set, event("A", "{\"x\":1}"), event("B", "{\"x\":2}"), event("A", "{\"y\":3}")));
        assertEquals("{\"f\":null}", row(set, event("A", "{\"x\":1}"), event("B", "{\"x\":null}")));
        assertNull(row(set, event("C", "{\"x\":1}")));
    }

    @Test
    void whatStandsBesideThePayloadCanBeTaken() {
        assertEquals("{\"f\":\"2026-11-20T06:00:00.123Z\"}", row(field("{ on: A, set: at }"), event("A", "1")));
        assertEquals("{\"f\":\"s\"}", row(field("{ on: A, set: stream }"), event("A", "1")));
        assertEquals("{\"f\":\"A\"}", row(field("{ on: A, set: type }"), event("A", "1")));
        assertEquals(
                "{\"f\":\"01a1f98c-d151-72ee-9136-93dfe5849844/3\"}",
                row(field("{ on: A, set: id }"), event("A", "1")));
        assertEquals("{\"f\":[1,{}]}", row(field("{ on: A, set: data }"), event("A", "[1,{}]")));
    }

    @Test
    void valueIsWhatTheDeclarationSays() {
        Declaration state = field("[{ on: A, value: open }, { on: B, value: [1, 2.50, {a: null}] }]");
        assertEquals("{\"f\":\"open\"}", row(state, event("A", "1")));
        assertEquals("{\"f\":[1,2.50,{\"a\":null}]}", row(state, event("A", "1"), event("B", "1")));
    }

    @Test
    void countCountsAndABeginningIsZero() {
        Declaration count = field("[{ on: A, count: true }, { on: Reset, value: 0 }, { on: Seen, set: /none }]");
        assertEquals("{\"f\":0}", row(count, event("Seen", "1")));
        assertEquals("{\"f\":2}", row(count, event("A", "1"), event("A", "1")));
        assertEquals("{\"f\":1}", row(count, event("A", "1"), event("Reset", "1"), event("A", "1")));
    }

    @Test
    void sumsAreExactHoweverTheNumbersAreWritten() {
        Declaration sum = field("[{ on: In, sum: /n }, { on: Out, subtract: /n }]");
        assertEquals("{\"f\":0.3}", row(sum, event("In", "{\"n\":0.1}"), event("In", "{\"n\":0.2}")));
        assertEquals("{\"f\":100}", row(sum, event("In", "{\"n\":1E2}")));
        assertEquals("{\"f\":0}", row(sum, event("In", "{\"n\":5.0}"), event("Out", "{\"n\":5}")));
        assertEquals("{\"f\":-0.01}", row(sum, event("Out", "{\"n\":1e-2}")));
        assertEquals(
                "{\"f\":9007199254740993.5}",
                row(sum, event("In", "{\"n\":9007199254740993}"), event("In", "{\"n\":0.5}")));
        assertEquals("{\"f\":1}", row(sum, event("In", "{\"n\":1}"), event("In", "{\"n\":null}"), event("In", "7")));
    }

    @Test
    void theLargestAndSmallestNumbersOfTheFormatAddUp() { // V1: 64 characters, exponents to 400
        Declaration sum = field("{ on: In, sum: /n }");
        String digits = "9".repeat(57);
        String row = row(sum, event("In", "{\"n\":" + digits + "E400}"), event("In", "{\"n\":0." + digits + "E-400}"));
        assertEquals("{\"f\":" + digits + "0".repeat(400) + "." + "0".repeat(400) + digits + "}", row);
        RowPayloads payloads = new RowPayloads();
        assertEquals(row, payloads.write(payloads.read(String.valueOf(row), RowState.class)));
    }

    @Test
    void minAndMaxCompareNumbersByTheirSizeAndTextsByTheirCodePoints() {
        Declaration max = field("{ on: A, max: /x }");
        Declaration min = field("{ on: A, min: /x }");
        assertEquals(
                "{\"f\":10}", row(max, event("A", "{\"x\":9}"), event("A", "{\"x\":1.0e1}"), event("A", "{\"x\":10}")));
        assertEquals("{\"f\":-2}", row(min, event("A", "{\"x\":9}"), event("A", "{\"x\":-2}"), event("A", "{}")));
        // A surrogate pair stands for a code point above every other character of Java.
        assertEquals("{\"f\":\"😀\"}", row(max, event("A", "{\"x\":\"\uffef\"}"), event("A", "{\"x\":\"😀\"}")));
        assertEquals("{\"f\":\"a\"}", row(min, event("A", "{\"x\":\"a\"}"), event("A", "{\"x\":\"b\"}")));
    }

    @Test
    void equalNumbersLeaveOneTextWhicheverCameFirst() { // O1
        Declaration max = field("{ on: A, max: /x }");
        assertEquals(
                row(max, event("A", "{\"x\":1.0}"), event("A", "{\"x\":1}")),
                row(max, event("A", "{\"x\":1}"), event("A", "{\"x\":1.0}")));
    }

    @Test
    void listsHaveALimitAndKeepTheFirstOrTheLast() {
        Declaration append = field("{ on: A, append: /x, limit: 2 }");
        Declaration last = field("{ on: A, last: /x, limit: 2 }");
        assertEquals("{\"f\":[]}", row(append, event("A", "1")));
        assertEquals(
                "{\"f\":[1,[2]]}",
                row(append, event("A", "{\"x\":1}"), event("A", "{\"x\":[2]}"), event("A", "{\"x\":3}")));
        assertEquals(
                "{\"f\":[[2],null]}",
                row(last, event("A", "{\"x\":1}"), event("A", "{\"x\":[2]}"), event("A", "{\"x\":null}")));
    }

    @Test
    void aRowEndsAndBeginsAnew() {
        Declaration declared = Given.one("""
                projections:
                  - name: p
                    key: stream
                    remove: [Gone]
                    fields: { n: { on: A, count: true }, any: { on: "*", count: true } }
                """);
        assertNull(row(declared, event("A", "1"), event("Gone", "1")));
        assertEquals("{\"any\":1,\"n\":1}", row(declared, event("A", "1"), event("Gone", "1"), event("A", "1")));
        assertEquals("{\"any\":2,\"n\":1}", row(declared, event("A", "1"), event("Other", "1")));
    }

    @Test
    void everyOtherTypeIsWhatNoOtherRuleOfTheFieldNames() {
        Declaration field = field("[{ on: A, value: named }, { on: \"*\", set: type }]");
        assertEquals("{\"f\":\"named\"}", row(field, event("B", "1"), event("A", "1")));
        assertEquals("{\"f\":\"B\"}", row(field, event("A", "1"), event("B", "1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ on: A, sum: /x }|\"1\"",
                "{ on: A, sum: /x }|true",
                "{ on: A, sum: /x }|[1]",
                "{ on: A, max: /x }|true",
                "{ on: A, min: /x }|{}",
                "[{ on: A, max: /x }, { on: S, value: text }]|1",
                "[{ on: A, max: /x }, { on: S, value: [] }]|1",
                "[{ on: A, count: true }, { on: S, value: text }]|1",
                "[{ on: A, append: /x, limit: 5 }, { on: S, value: text }]|1"
            })
    void whatDoesNotFitFailsAndQuotesNothing(String ruleAndValue) { // R7
        String[] parts = ruleAndValue.split("\\|", -1);
        Declaration declared = field(parts[0]);
        UnfoldableEventException failed = assertThrows(
                UnfoldableEventException.class,
                () -> row(declared, event("S", "{\"x\":1}"), event("A", "{\"x\":" + parts[1] + "}")));
        assertFalse(String.valueOf(failed.getMessage()).contains("text\""), failed.getMessage());
    }

    @Test
    void aRowThatGrowsTooLargeFailsAtTheEvent() {
        Declaration append = field("{ on: A, append: /x, limit: 1000 }");
        String large = "{\"x\":\"" + "y".repeat(600_000) + "\"}";
        assertThrows(UnfoldableEventException.class, () -> row(append, event("A", large), event("A", large)));
    }

    @Test
    void keysAreStreamsPointersOrNothing() {
        String fields = "\n    fields: { n: { on: A, count: true } }\n";
        var byType =
                Given.one("projections:\n  - name: p\n    key: type" + fields).projection();
        assertEquals(Set.of("A"), byType.keys(event("A", "1")));
        var byItem =
                Given.one("projections:\n  - name: p\n    key: /item" + fields).projection();
        assertEquals(Set.of("a/b"), byItem.keys(event("A", "{\"item\":\"a/b\"}")));
        assertEquals(Set.of("17"), byItem.keys(event("A", "{\"item\":17}")));
        assertEquals(Set.of("true"), byItem.keys(event("A", "{\"item\":true}")));
        for (String none : new String[] {"null", "{}", "[1]", "\"\""}) {
            assertEquals(Set.of(), byItem.keys(event("A", "{\"item\":" + none + "}")), none);
        }
        assertEquals(Set.of(), byItem.keys(event("A", "1")));
    }
}
