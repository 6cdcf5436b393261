package dev.evstore.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** That the README's threat model and its tests say the same, sentence by sentence. */
class ReadmeTest {

    private static final Pattern SENTENCE = Pattern.compile("(?m)^- \\*\\*(.+?)\\.\\*\\*");
    private static final Pattern METHOD = Pattern.compile("@Test\\b[^;{}]*\\bvoid (\\w+)\\(");
    private static final Pattern OF_A_TRAP = Pattern.compile("T[0-9]+_.*");

    @Test
    void everySentenceOfTheThreatModelIsATestAndEveryTestASentence() throws IOException {
        String readme = Files.readString(Blueprints.root().resolve("README.md"));
        String section = readme.substring(readme.indexOf("## Whom to trust"));
        List<String> sentences = SENTENCE.matcher(section)
                .results()
                .map(found -> Blueprints.methodName(found.group(1)))
                .toList();
        assertTrue(sentences.size() >= 8, sentences::toString);
        List<String> tests = METHOD.matcher(Blueprints.sources("ThreatModel\\w*\\.java"))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        List<String> unheld = new ArrayList<>(sentences);
        unheld.removeAll(tests);
        assertEquals(List.of(), unheld, "sentences without a test");
        List<String> unsaid = tests.stream()
                .filter(test ->
                        !OF_A_TRAP.matcher(test).matches() && sentences.stream().noneMatch(test::startsWith))
                .toList();
        assertEquals(List.of(), unsaid, "tests without a sentence");
    }
}
