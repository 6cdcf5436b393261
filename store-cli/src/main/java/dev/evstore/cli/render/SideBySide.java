package dev.evstore.cli.render;

import dev.evstore.core.event.Origin;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The branches of a fork in columns, each under its head. In a row stand transactions that no branch has in common, or
 * one that several have: it is written out in the first of their columns, and the others point there, so that nobody
 * counts it twice. Versions tell the canonical order.
 *
 * <pre>
 * head 1                                 │ head 2
 * 01936f9a-5c00-7000-8000-000000000001   │ 01936f9a-5c00-7000-8000-000000000002
 * replica 5f2e9c11                       │ replica 0b7d43aa
 * 2026-11-20T06:00:00.123Z               │ 2026-11-20T06:00:00.456Z
 * ───────────────────────────────────────┼───────────────────────────────────────
 *      2  Withdrawn {"amount":80}        │      3  Withdrawn {"amount":70.0}
 * 01936f9a-5c00-7000-8000-000000000001   │ 01936f9a-5c00-7000-8000-000000000002
 * </pre>
 */
final class SideBySide {

    /** A column has room for an event's id. */
    private static final int NARROWEST = 38;

    /** Lines of one event; the rest of it is counted. */
    private static final int MOST_LINES = 20;

    private static final String BAR = " │ ";

    private final Ink ink;
    private final int width;

    /**
     * @param width of a column
     */
    SideBySide(Ink ink, int width) {
        this.ink = ink;
        this.width = width;
    }

    /** How wide each of the columns is; 0 if they do not fit. */
    static int width(int terminal, int columns) {
        int width = (terminal + BAR.length()) / columns - BAR.length();
        return width < NARROWEST ? 0 : width;
    }

    /** Plain text, wrapped, and how it looks. */
    private record Line(String text, Look look) {}

    private enum Look {
        PLAIN,
        STRONG,
        WARN,
        FAINT
    }

    /** A transaction of the fork, and the columns of the heads that reach it, ascending. */
    private record Block(TransactionId id, List<ForkView.Shown> events, List<Integer> columns) {}

    List<String> lines(ForkView fork) {
        List<List<Line>> heads = new ArrayList<>();
        for (int column = 0; column < fork.heads().size(); column++) {
            heads.add(head(column, fork.heads().get(column)));
        }
        List<String> lines = new ArrayList<>(row(heads));
        String rule = "─".repeat(width);
        lines.add(String.join("─┼─", heads.stream().map(head -> rule).toList()));
        rows(fork).forEach(row -> lines.addAll(row(row)));
        return lines;
    }

    private List<Line> head(int column, ForkView.Head head) {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("head " + (column + 1), Look.STRONG));
        lines.add(new Line(head.transaction().toString(), Look.PLAIN));
        Origin origin = head.origin();
        if (origin != null) {
            lines.add(new Line("replica " + origin.replica().shortForm(), Look.PLAIN));
            lines.add(new Line(origin.at(), Look.PLAIN));
        }
        if (!head.resolved().isEmpty()) {
            lines.add(new Line("a merge that resolved", Look.PLAIN));
            head.resolved().forEach(id -> lines.add(new Line("  " + id, Look.PLAIN)));
        }
        if (head.events().isEmpty()) {
            lines.add(new Line("no events", Look.PLAIN));
        }
        return lines;
    }

    /** In canonical order. */
    private static List<Block> blocks(ForkView fork) {
        SortedMap<TransactionId, Block> blocks = new TreeMap<>();
        for (int column = 0; column < fork.heads().size(); column++) {
            SortedMap<TransactionId, List<ForkView.Shown>> branch = new TreeMap<>();
            for (ForkView.Shown shown : fork.heads().get(column).events()) {
                branch.computeIfAbsent(shown.event().id().transaction(), id -> new ArrayList<>())
                        .add(shown);
            }
            int here = column;
            branch.forEach((id, events) -> blocks.computeIfAbsent(id, i -> new Block(i, events, new ArrayList<>()))
                    .columns()
                    .add(here));
        }
        return List.copyOf(blocks.values());
    }

    /** Each block as high up as the order in its columns lets it. */
    private List<List<List<Line>>> rows(ForkView fork) {
        List<List<List<Line>>> rows = new ArrayList<>();
        int columns = fork.heads().size();
        int[] next = new int[columns];
        for (Block block : blocks(fork)) {
            int row = block.columns().stream()
                    .mapToInt(column -> next[column])
                    .max()
                    .orElse(0);
            while (rows.size() <= row) {
                List<List<Line>> empty = new ArrayList<>();
                for (int column = 0; column < columns; column++) {
                    empty.add(List.of());
                }
                rows.add(empty);
            }
            for (int column : block.columns()) {
                rows.get(row).set(column, cell(block, column, fork.heads().get(column)));
                next[column] = row + 1;
            }
        }
        return rows;
    }

    private List<Line> cell(Block block, int column, ForkView.Head head) {
        int first = block.columns().get(0);
        List<Line> lines = new ArrayList<>();
        if (column > first) {
            for (ForkView.Shown shown : block.events()) {
                lines.add(new Line(version(shown) + "shared: see head " + (first + 1), Look.WARN));
            }
            return lines;
        }
        for (ForkView.Shown shown : block.events()) {
            String words = Escapes.escape(shown.event().type().value()) + EventText.content(shown.event());
            add(wrapped(version(shown), words), shown.event() instanceof RecordedEvent ? Look.PLAIN : Look.WARN, lines);
        }
        if (block.columns().size() > 1) {
            List<String> heads = block.columns().stream()
                    .map(shared -> String.valueOf(shared + 1))
                    .toList();
            add(wrapped("        ", "shared by heads " + String.join(", ", heads)), Look.WARN, lines);
        }
        lines.add(new Line(block.id().toString(), Look.FAINT));
        if (!block.id().equals(head.transaction())) {
            written(Origins.of(block.events().get(0).event()), head.origin(), lines);
        }
        return lines;
    }

    /** When, and by whom if it was not the head's writer. */
    private static void written(@Nullable Origin by, @Nullable Origin head, List<Line> lines) {
        if (by != null && (head == null || !by.replica().equals(head.replica()))) {
            lines.add(new Line("replica " + by.replica().shortForm(), Look.FAINT));
        }
        if (by != null) {
            lines.add(new Line(by.at(), Look.FAINT));
        }
    }

    private static String version(ForkView.Shown shown) {
        return String.format("%6d  ", shown.event().version().value());
    }

    private static void add(List<String> texts, Look look, List<Line> lines) {
        texts.forEach(text -> lines.add(new Line(text, look)));
    }

    /** Text behind a label, its further lines as far in as the first. */
    private List<String> wrapped(String label, String text) {
        List<String> lines = new ArrayList<>();
        String left = text;
        for (String before = label; !left.isEmpty(); before = " ".repeat(label.length())) {
            if (lines.size() == MOST_LINES) {
                lines.add(before + "… " + Ink.count(left.codePointCount(0, left.length()), "more character"));
                return lines;
            }
            int end = Width.fitting(left, width - label.length());
            lines.add(before + left.substring(0, end));
            left = left.substring(end);
        }
        return lines;
    }

    /** The cells of a row beside each other, as high as the highest. */
    private List<String> row(List<List<Line>> cells) {
        int height =
                cells.stream().map(List::size).max(Comparator.naturalOrder()).orElse(0);
        List<String> lines = new ArrayList<>();
        for (int k = 0; k < height; k++) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < cells.size(); column++) {
                List<Line> cell = cells.get(column);
                Line part = k < cell.size() ? cell.get(k) : new Line("", Look.PLAIN);
                boolean last = column == cells.size() - 1;
                line.append(inked(part)).append(last ? "" : " ".repeat(width - Width.of(part.text())) + BAR);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private String inked(Line line) {
        return switch (line.look()) {
            case PLAIN -> line.text();
            case STRONG -> ink.strong(line.text());
            case WARN -> ink.warn(line.text());
            case FAINT -> ink.faint(line.text());
        };
    }
}
