package dev.evstore.fs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One commit of a real repository, as a line of {@code history-beads.jsonl} has it.
 *
 * @param parents none of the first, two of a merge
 * @param author a number
 * @param committed seconds since 1970
 * @param paths some of those it touched; none is possible
 */
record RecordedCommit(String id, List<String> parents, int author, long committed, List<String> paths) {

    private static final Pattern LINE = Pattern.compile("\\{\"id\":\"(\\w+)\",\"parents\":\\[(.*)],\"author\":(\\d+),"
            + "\"authored\":\\d+,\"committed\":(\\d+),\"paths\":\\[(.*)]}");
    private static final Pattern STRING = Pattern.compile("\"([^\"\\\\]*)\"");

    /** All of them, parents before their children. */
    static List<RecordedCommit> all(Path file) throws IOException {
        return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                .map(RecordedCommit::of)
                .toList();
    }

    private static RecordedCommit of(String line) {
        Matcher commit = LINE.matcher(line);
        if (!commit.matches()) {
            throw new IllegalArgumentException(line);
        }
        return new RecordedCommit(
                commit.group(1),
                strings(commit.group(2)),
                Integer.parseInt(commit.group(3)),
                Long.parseLong(commit.group(4)),
                strings(commit.group(5)));
    }

    private static List<String> strings(String list) {
        return STRING.matcher(list).results().map(string -> string.group(1)).toList();
    }

    boolean isMerge() {
        return parents.size() > 1;
    }
}
