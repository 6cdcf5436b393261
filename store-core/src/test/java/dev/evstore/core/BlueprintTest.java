package dev.evstore.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That blueprints and scenarios tell the same story: every scenario of a blueprint is a test method of that name. */
class BlueprintTest {

    @Test
    void everyScenarioOfABlueprintIsATestOfThatName() throws IOException {
        String tests = Blueprints.sources(".*Scenarios\\.java");
        List<String> missing = new ArrayList<>();
        for (Path blueprint : blueprints()) {
            for (String heading : scenarios(Files.readString(blueprint))) {
                Pattern test = Pattern.compile("@(Test|Example|Property|ParameterizedTest)\\b[^;{}]*\\bvoid "
                        + Pattern.quote(Blueprints.methodName(heading)) + "\\(");
                if (!test.matcher(tests).find()) {
                    missing.add(blueprint.getFileName() + ": " + heading + " (" + Blueprints.methodName(heading) + ")");
                }
            }
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void everyBlueprintHasScenariosAndSaysItsNameAndSummary() throws IOException {
        List<Path> blueprints = blueprints();
        assertFalse(blueprints.isEmpty());
        for (Path blueprint : blueprints) {
            String text = Files.readString(blueprint);
            String name = String.valueOf(blueprint.getFileName()).replace(".md", "");
            assertTrue(text.startsWith("---\nname: " + name + "\nsummary: "), () -> name + " has no front matter");
            assertFalse(scenarios(text).isEmpty(), () -> name + " has no scenario");
        }
    }

    @Test
    void theBlueprintOfFindingsHasARowForEveryCode() throws IOException {
        String text = Files.readString(Blueprints.root().resolve("blueprints/findings.md"));
        List<String> rows = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\|")
                .matcher(text)
                .results()
                .map(row -> row.group(1))
                .toList();
        assertEquals(Stream.of(Finding.Code.values()).map(Enum::name).toList(), rows);
    }

    @Test
    void aHeadingIsAMethodNameInCamelCase() {
        assertEquals("aForkOf3HeadsIsB", Blueprints.methodName("A fork of 3 heads, is “B”"));
        assertEquals(
                List.of("One", "Two"),
                scenarios("# T\n### No\n## Scenarios\n\n### One\nx\n### Two\n## Next\n### No\n"));
    }

    /** The headings of the third level below the heading {@code ## Scenarios}. */
    private static List<String> scenarios(String blueprint) {
        List<String> headings = new ArrayList<>();
        boolean within = false;
        for (String line : blueprint.split("\n", -1)) {
            if (line.startsWith("## ")) {
                within = line.strip().equals("## Scenarios");
            } else if (within && line.startsWith("### ")) {
                headings.add(line.substring(4).strip());
            }
        }
        return headings;
    }

    private static List<Path> blueprints() throws IOException {
        try (Stream<Path> files = Files.list(Blueprints.root().resolve("blueprints"))) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }
}
