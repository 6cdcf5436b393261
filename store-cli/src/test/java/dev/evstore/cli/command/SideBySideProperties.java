package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.cli.World;
import dev.evstore.core.event.NewEvent;
import dev.evstore.testkit.Foreign;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Branches side by side, whatever is in them. */
final class SideBySideProperties {

    private static final String WIDE = "\u4e16";

    /** Narrow, wide and combining characters, and some that are escaped; few enough not to be cut. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("ab,{ \u00e4\u0301\u200b").ofMaxLength(90);
    }

    @Property(tries = 100)
    void noLineIsLongerThanTheTerminalIsWide(
            @ForAll("texts") String text, @ForAll @IntRange(min = 79, max = 200) int columns) { // F4
        List<String> lines = forks(text.replace("b", WIDE), columns);
        for (String line : lines) {
            long marks = line.chars().filter(c -> c == 0x301).count();
            long wide = line.chars().filter(c -> c == WIDE.charAt(0)).count();
            assertTrue(line.length() - marks + wide <= columns, line);
        }
        assertTrue(lines.stream().anyMatch(line -> line.contains("\u253c")), lines::toString);
    }

    @Property(tries = 100)
    void whatIsWrappedIsWhole(@ForAll("texts") String text) {
        String column = String.join(
                "",
                forks(text, 79).stream()
                        .filter(line -> line.indexOf('\u2502') > 0)
                        .map(line ->
                                line.substring(0, line.indexOf('\u2502') - 1).stripTrailing())
                        .filter(line -> line.startsWith("     "))
                        .map(line -> line.substring(8))
                        .toList());
        assertEquals(("Noted\"" + text.replace("\u200b", "\\u200b") + "\"").replace(" ", ""), column.replace(" ", ""));
    }

    private static List<String> forks(String text, int columns) {
        World world = new World(Path.of("nowhere in particular"));
        world.terminal = true;
        world.variables.put("NO_COLOR", "1");
        world.variables.put("COLUMNS", String.valueOf(columns));
        world.anna.ingest(List.of(
                Foreign.at(1)
                        .onto("a")
                        .event("a", NewEvent.of("Noted", "\"" + text + "\""))
                        .build(),
                Foreign.at(2).onto("a").event("a", NewEvent.of("Other", "1")).build()));
        return world.run("", "forks").out().lines().toList();
    }
}
