package dev.evstore.cli.declared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Problem;
import dev.evstore.cli.Trouble;
import dev.evstore.core.event.EventType;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.projection.ErrorPolicy;
import dev.evstore.core.projection.Projection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class DeclarationReaderTest {

    private static final String GOOD = """
            projections:
              - name: items
                key: /item
                streams: "issue-*"
                types: [A, B]
                tags: urgent
                remove: Gone
                errors: skip
                fields:
                  n: { on: A, count: true }
            """;

    @TempDir
    private Path directory;

    private static Problem refused(String text) {
        return assertThrows(Trouble.class, () -> DeclarationReader.read("projections.yaml", text))
                .problem();
    }

    @Test
    void allPartsAreTaken() {
        Declaration declared = Given.one(GOOD);
        assertEquals("items", declared.name());
        assertEquals(ErrorPolicy.SKIP, declared.errors());
        assertEquals("issue-", declared.filter().streamPrefix());
        StreamId issue = StreamId.of("issue-1");
        assertTrue(declared.filter().accepts(issue, EventType.of("A"), List.of("urgent")));
        assertTrue(!declared.filter().accepts(issue, EventType.of("Gone"), List.of("urgent")));
        assertTrue(!declared.filter().accepts(issue, EventType.of("A"), List.of()));
        assertEquals(Projection.Kind.KEYED, declared.projection().kind());
    }

    @Test
    void jsonIsYaml() {
        String json =
                "{\"projections\":[{\"name\":\"p\",\"key\":\"single\",\"fields\":{\"n\":{\"on\":\"A\",\"count\":true}}}]}";
        assertEquals(Projection.Kind.SINGLE, Given.one(json).projection().kind());
        assertEquals(
                Projection.Kind.PER_STREAM,
                Given.one(json.replace("single", "stream")).projection().kind());
    }

    @Test
    void anEventThatDoesNotFitIsParkedIfNothingIsSaid() {
        assertEquals(ErrorPolicy.PARK, Given.field("{ on: A, count: true }").errors());
    }

    @Test
    void S9_onlyWhatADeclarationMeansChangesItsFingerprint() {
        String print = Given.one(GOOD).projection().fingerprint(null);
        String written = GOOD.replace(
                "{ on: A, count: true }", "\n        # a remark\n        count: true\n        on: [\"A\"]");
        assertEquals(print, Given.one(written).projection().fingerprint(null));
        for (String change : List.of(
                GOOD.replace("/item", "/other"),
                GOOD.replace("issue-", "bug-"),
                GOOD.replace("[A, B]", "[A]"),
                GOOD.replace("urgent", "slow"),
                GOOD.replace("Gone", "Left"),
                GOOD.replace("n: {", "m: {"),
                GOOD.replace("on: A,", "on: B,"),
                GOOD.replace("count: true", "sum: /x"))) {
            assertNotEquals(GOOD, change);
            assertNotEquals(print, Given.one(change).projection().fingerprint(null), change);
        }
    }

    /** What somebody writes first, and what was meant. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n: {|n: [{ on: A, count: true }, { on: 'B, C', count: true }]@      m: {|n: [{ on: A, count: true }, { on: [B, C], count: true }]@      m: {",
                "types: [A, B]|types: [A, 'B, C']|types: [A, B, C]",
                "remove: Gone|remove: 'Gone, Left'|remove: [Gone, Left]",
                "tags: urgent|tags: 'slow, urgent'|tags: [slow, urgent]",
                "n: {|n: { on: A, set: '/x; [B] set /y' }@      m: { on: B, set: /z }@      o: {|n: [{ on: A, set: /x }, { on: B, set: /y }]@      m: { on: B, set: /z }@      o: {"
            })
    void S9_namesThatHoldOtherNamesAreNotThese(String from, String first, String meant) {
        String one = GOOD.replace(from, first.replace('@', '\n'));
        String other = GOOD.replace(from, meant.replace('@', '\n'));
        assertNotEquals(
                Given.one(one).projection().fingerprint(null),
                Given.one(other).projection().fingerprint(null));
    }

    /** Each is the text of a whole file, and what its refusal says. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|line 1: there is nothing in it",
                "# only a remark|line 1: there is nothing in it",
                "a: 1|line 1: the file knows no \"a\"",
                "[]|line 1: the file is a mapping",
                "projections: 7|line 1: projections is a list",
                "projections: []|line 1: projections has 1 to 100 entries, not 0",
                "projections: [1]|line 1: a projection is a mapping",
                "projections: [{name: p}]|line 1: p has no key",
                "projections: [{key: stream}]|line 1: a projection has no name",
                "projections: [{name: p, key: stream, fields: {}}]|p has 1 to 100 fields",
                "projections: [{name: ../p, key: stream, fields: {f: {on: A, count: true}}}]|not a projection's name",
                "projections: [{name: p, key: item, fields: {f: {on: A, count: true}}}]|key: is a pointer into the payload",
                "projections: [{name: p, key: /~, fields: {f: {on: A, count: true}}}]|neither ~0 nor ~1",
                "projections: [{name: p, key: 1, fields: {f: {on: A, count: true}}}]|key is a text",
                "projections: [{name: p, key: stream, streams: '[a', fields: {f: {on: A, count: true}}}]|the set opened",
                "projections: [{name: p, key: stream, errors: ignore, fields: {f: {on: A, count: true}}}]|errors is one of",
                "projections: [{name: p, key: stream, remove: A, fields: {f: {on: A, count: true}}}]|a type that removes the row stands under f too",
                "projections: [{name: p, key: stream, exec: sh, fields: {f: {on: A, count: true}}}]|knows no \"exec\"",
                "projections: [{name: p, key: stream, fields: {'a b': {on: A, count: true}}}]|is no field's name",
                "projections: [{name: p, key: stream, fields: {f: {on: A}}}]|a rule has one of",
                "projections: [{name: p, key: stream, fields: {f: {on: A, count: true, set: /x}}}]|a rule has one of",
                "projections: [{name: p, key: stream, fields: {f: {count: true}}}]|f has no on",
                "projections: [{name: p, key: stream, fields: {f: {on: [], count: true}}}]|1 to 100 entries",
                "projections: [{name: p, key: stream, fields: {f: {on: [A, '*'], count: true}}}]|let it stand alone",
                "projections: [{name: p, key: stream, fields: {f: {on: A, count: 2}}}]|count is true",
                "projections: [{name: p, key: stream, fields: {f: {on: A, append: /x}}}]|append needs a limit",
                "projections: [{name: p, key: stream, fields: {f: {on: A, last: /x, limit: 1001}}}]|1 to 1000",
                "projections: [{name: p, key: stream, fields: {f: {on: A, last: /x, limit: 0}}}]|1 to 1000",
                "projections: [{name: p, key: stream, fields: {f: {on: A, set: /x, limit: 5}}}]|only append and last",
                "projections: [{name: p, key: stream, fields: {f: [{on: A, count: true}, {on: A, set: /x}]}}]|two rules",
                "projections: [{name: p, key: stream, fields: {f: {on: A, value: .inf}}}]|is no number of JSON",
                "projections: [{name: p, key: stream, fields: {f: {on: A, value: 1e999}}}]|is no number of JSON",
                "projections: [{name: p, key: stream, fields: {f: {on: A, value: {\"\\ud800\": 1}}}}]|half a surrogate pair",
                "projections: [{name: p, key: stream, types: B, fields: {f: {on: A, count: true}}}]|p takes none of the types that types: lets through",
                "projections: [{name: p, key: stream, fields: {f: {on: *, count: true}}}]|while scanning an alias: unexpected character",
            })
    void whatIsNoDeclarationIsRefusedWithItsLine(String text, String why) {
        Problem problem = refused(text);
        assertEquals(ExitCode.USAGE, problem.exit());
        assertTrue(problem.where().startsWith("projections.yaml, line 1: "), problem.where());
        assertTrue((problem.where() + " / " + problem.remedy()).contains(why), problem.toString());
    }

    @Test
    void aRefusalNamesTheLineInALongFile() {
        String text = GOOD
                + GOOD.substring(GOOD.indexOf("  - "))
                        .replace("items", "others")
                        .replace("count: true", "counts: 1");
        assertTrue(
                refused(text).where().startsWith("projections.yaml, line 19: n knows no \"counts\""),
                refused(text).where());
        assertTrue(refused(GOOD + GOOD.substring(GOOD.indexOf("  - ")))
                .where()
                .contains("line 11: items is declared twice"));
    }

    /** What a hostile file may try: more than JSON, more than the limits, nothing at all. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: &x [*x]",
                "a: &a [1]\nb: [*a, *a]",
                "a: &x {b: 1}\nc: {<<: *x}",
                "a: !!javax.script.ScriptEngineManager [!!java.net.URL ['http://x']]",
                "a: !!binary aGk=",
                "!tag {a: 1}",
                "a: 1\na: 2",
                "a: 1\n---\nb: 2",
                "? [a]\n: 1",
                "<<<<<<< HEAD\na: 1\n=======\nb: 2\n>>>>>>> x",
                "a: \"unclosed",
                "a:\n\t- 1",
                "a: \"\\ud800\"",
                "a: [1",
                "{\"a\":",
                "}",
                "%YAML 9.9\n---\na: 1",
                "\u0000\u0001",
                "a: |\n"
            })
    void hostileTextIsRefusedAndNothingElseHappens(String text) {
        assertEquals(ExitCode.USAGE, refused(text).exit());
    }

    /** Within what would be good otherwise, so that nothing else refuses it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: items|name: &x items\\n    tags: *x|an alias",
                "name: items|name: !!str items|a tag",
                "name: items|name: !x items|a tag",
                "fields:|fields: !!map|a tag",
                "projections:|projections: &x|",
                "tags: urgent|tags: urgent\\n    tags: slow|\"tags\" stands there twice",
                "remove: Gone|remove: Gone\\n    remove: Gone|\"remove\" stands there twice"
            })
    void whatYamlCouldDoBesideJsonIsRefusedAsSuch(String from, String to, @Nullable String why) {
        String text = GOOD.replace(from, to.replace("\\n", "\n"));
        assertNotEquals(GOOD, text);
        if (why == null) { // an anchor that nobody names does nothing
            assertEquals("items", Given.one(text).name());
        } else {
            assertTrue(refused(text).where().contains(why), refused(text).where());
        }
    }

    @Test
    void whatYamlCannotReadIsRefusedWithItsLineAndItsReason() {
        assertEquals(
                "projections.yaml, line 2: while scanning for the next token: found character '\\t(TAB)' that cannot start"
                        + " any token. (Do not use \\t(TAB) for indentation)",
                refused("projections:\n\t- name: p").where());
    }

    @Test
    void aSecondDocumentIsRefusedAsSuch() {
        assertTrue(refused(GOOD + "---\n" + GOOD).where().endsWith("there is a second document"));
    }

    @Test
    void depthAndNumbersHaveALimit() {
        assertTrue(refused("[".repeat(60_000)).where().contains("nested deeper than 8 levels"));
        assertTrue(refused("a: ".repeat(5_000)).exit() == ExitCode.USAGE);
        assertTrue(refused("- ".repeat(30_000)).where().contains("nested deeper than 8 levels"));
        String many = IntStream.rangeClosed(0, 100)
                .mapToObj(i -> "{name: p" + i + ", key: stream, fields: {f: {on: A, count: true}}}")
                .collect(Collectors.joining(",", "projections: [", "]"));
        assertTrue(refused(many).where().contains("projections has 1 to 100 entries, not 101"));
    }

    @Test
    void theFileIsFoundAndHasALimit() throws IOException {
        assertEquals(List.of(), Declarations.of(directory).names());
        Files.writeString(directory.resolve("projections.yml"), GOOD);
        assertEquals(List.of("items"), Declarations.of(directory).names());
        Files.writeString(directory.resolve("projections.json"), "{}");
        assertTrue(troubleOf(directory).where().contains("projections.yml projections.json"));
        Files.delete(directory.resolve("projections.json"));
        Files.writeString(directory.resolve("projections.yml"), "#".repeat(64 << 10) + "\n" + GOOD);
        assertTrue(troubleOf(directory).where().contains("more than 65536 bytes"));
        Files.write(directory.resolve("projections.yml"), "a: \u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(troubleOf(directory).where().contains("not UTF-8"));
    }

    @Test
    void aLinkOrADirectoryIsNotRead(@TempDir Path elsewhere) throws IOException {
        Path real = Files.writeString(elsewhere.resolve("secret"), GOOD);
        Files.createSymbolicLink(directory.resolve("projections.yaml"), real);
        assertTrue(troubleOf(directory).what().contains("no ordinary file"));
        Files.delete(directory.resolve("projections.yaml"));
        Files.createSymbolicLink(directory.resolve("projections.yaml"), elsewhere.resolve("none"));
        assertTrue(troubleOf(directory).what().contains("no ordinary file"));
        Files.delete(directory.resolve("projections.yaml"));
        Files.createDirectory(directory.resolve("projections.yaml"));
        assertTrue(troubleOf(directory).what().contains("no ordinary file"));
    }

    private static Problem troubleOf(Path store) {
        return assertThrows(Trouble.class, () -> Declarations.of(store)).problem();
    }
}
