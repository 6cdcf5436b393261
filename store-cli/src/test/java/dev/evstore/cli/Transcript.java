package dev.evstore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text file beside the test that holds whole conversations with the program, each under a title {@code ## …}:
 * {@code $} the command line, {@code <} a line of standard input, then standard output as it is, standard error behind
 * {@code !}, and the exit code behind {@code =}. Identities stand there as {@code <tx1>}, {@code <replica1>}, {@code <short1>},
 * {@code <digest1>}, {@code <commit1>}, {@code <pack1>}, {@code <epoch1>},
 * {@code <cursor1>} by first appearance, and can be used in later command lines.
 */
public final class Transcript {

    private static final Pattern IDENTITY = Pattern.compile("\\b(?:"
            + "(?<cursor>[0-9a-f]{16}-[0-9a-f]{1,15}-[0-9a-f]{1,15}-[0-9a-f]{8})"
            + "|(?<tx>[0-9a-f]{8}-[0-9a-f]{4}-[78][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})"
            + "|(?<replica>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
            + "|(?<short>(?<=replica )[0-9a-f]{8}|(?<=[0-9a-f]\\.)[0-9a-f]{8}(?=\\.jsonl))"
            + "|(?<digest>[0-9a-f]{64})|(?<commit>[0-9a-f]{40})"
            + "|(?<pack>(?<=-)[0-9a-f]{16}(?=\\.jsonl))|(?<epoch>[0-9a-f]{16}))\\b");

    private final World world;
    private final Map<String, String> names = new LinkedHashMap<>();

    private Transcript(World world) {
        this.world = world;
    }

    /** Holds the conversation of that title anew and compares all of it. */
    public static void holds(Class<?> test, String title, World world) {
        String expected = section(test, title);
        String actual = new Transcript(world).replay(expected);
        keep(test, title, actual);
        assertEquals(expected, actual);
    }

    private static String section(Class<?> test, String title) {
        String file = test.getSimpleName() + ".txt";
        try (InputStream in = Objects.requireNonNull(test.getResourceAsStream(file), file)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String section : text.split("(?m)^## ", -1)) {
                if (section.startsWith(title + "\n")) {
                    return section.substring(title.length() + 1).stripTrailing() + "\n";
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError(file + " has no conversation with the title: " + title);
    }

    /** What was really said, for a person to look at and perhaps to take over. */
    private static void keep(Class<?> test, String title, String actual) {
        Path file = Path.of("target", "transcripts", test.getSimpleName(), title.replaceAll("\\W+", "-") + ".txt");
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, "## " + title + "\n" + actual);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String replay(String expected) {
        StringBuilder actual = new StringBuilder();
        List<String> lines = expected.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).startsWith("$ ")) {
                continue;
            }
            StringBuilder input = new StringBuilder();
            actual.append(actual.isEmpty() ? "" : "\n").append(lines.get(i)).append('\n');
            for (int k = i + 1; k < lines.size() && lines.get(k).startsWith("< "); k++) {
                input.append(lines.get(k).substring(2)).append('\n');
                actual.append(lines.get(k)).append('\n');
            }
            List<String> arguments = words(known(lines.get(i).substring(2)));
            assertEquals("evstore", arguments.get(0));
            World.Ran ran =
                    world.run(input.toString(), arguments.stream().skip(1).toArray(String[]::new));
            actual.append(named(ran.out()));
            ran.err()
                    .lines()
                    .forEach(line -> actual.append("! ").append(named(line)).append('\n'));
            actual.append("= ").append(ran.exit()).append('\n');
        }
        return actual.toString();
    }

    private String named(String text) {
        Matcher found = IDENTITY.matcher(text.replace(world.directory.toString(), "<dir>"));
        return found.replaceAll(match -> names.computeIfAbsent(match.group(), id -> {
            for (String kind : List.of("cursor", "tx", "replica", "short", "digest", "commit", "pack", "epoch")) {
                if (found.group(kind) != null) {
                    long n = names.values().stream()
                            .filter(name -> name.startsWith("<" + kind))
                            .count();
                    return "<" + kind + (n + 1) + ">";
                }
            }
            throw new AssertionError(id);
        }));
    }

    private String known(String text) {
        String real = text.replace("<dir>", world.directory.toString());
        for (Map.Entry<String, String> name : names.entrySet()) {
            real = real.replace(name.getValue(), name.getKey());
        }
        return real;
    }

    /** Splits at blanks; what stands in single quotes is taken as it is. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = Pattern.compile("'([^']*)'|(\\S+)").matcher(line);
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2));
        }
        return words;
    }
}
