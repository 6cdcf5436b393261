package dev.evstore.cli.render;

import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Draws who names whom as parent, line by line, while transactions come canonically last first: whoever names a
 * transaction has come before it (rule I2), so a lane is open from a child down to its parent. A parent that is not
 * here keeps its lane open to the end. Memory follows the lanes that are open. Not thread-safe.
 *
 * <pre>
 * *      appended on top of both
 * ├─╮
 * * │    Anna's
 * │ *    Bert's, apart
 * ├─╯
 * *      what both knew
 * </pre>
 */
public final class Lanes {

    /** Columns drawn; what is further right is cut. */
    private static final int MOST_DRAWN = 24;

    private static final int UP = 1;
    private static final int DOWN = 2;
    private static final int LEFT = 4;
    private static final int RIGHT = 8;

    /** By the sum of the sides a line leaves through. */
    private static final String LINES = " ╵╷│╴╯╮┤╶╰╭├─┴┬┼";

    /** The parent each open lane leads to; null where none is. */
    private final List<@Nullable TransactionId> lanes = new ArrayList<>();

    /**
     * A transaction drawn.
     *
     * @param before a line where lanes meet above it, or empty
     * @param node its own line, up to its text
     * @param after a line where lanes part below it, or empty
     * @param head whether nothing that came before names it as parent
     */
    public record Drawn(String before, String node, String after, boolean head) {}

    /** Draws the next transaction. */
    public Drawn next(TransactionId id, Collection<TransactionId> parents, boolean merge) {
        List<Integer> leading = columns(id);
        int column = leading.isEmpty() ? free() : leading.get(0);
        List<@Nullable TransactionId> above = new ArrayList<>(lanes);
        leading.forEach(lane -> lanes.set(lane, lane == column ? id : null));
        String before = leading.size() < 2 ? "" : joint(above, column, leading);
        lanes.set(column, id);
        trim();
        String node = node(column, merge ? '◆' : '*');
        String after = part(column, parents);
        trim();
        return new Drawn(before, node, after, leading.isEmpty());
    }

    /** Below a transaction: its newest parent stays in its column, the others get or join one. */
    private String part(int column, Collection<TransactionId> parents) {
        List<@Nullable TransactionId> above = new ArrayList<>(lanes);
        List<TransactionId> newestFirst = new ArrayList<>(new TreeSet<>(parents).descendingSet());
        lanes.set(column, newestFirst.isEmpty() ? null : newestFirst.remove(0));
        List<Integer> joined = new ArrayList<>(List.of(column));
        for (TransactionId parent : newestFirst) {
            List<Integer> open = columns(parent);
            int lane = open.isEmpty() ? free() : open.get(0);
            lanes.set(lane, parent);
            joined.add(lane);
        }
        return joined.size() < 2 ? "" : joint(above, column, joined);
    }

    private List<Integer> columns(TransactionId id) {
        List<Integer> columns = new ArrayList<>();
        for (int k = 0; k < lanes.size(); k++) {
            if (id.equals(lanes.get(k))) {
                columns.add(k);
            }
        }
        return columns;
    }

    private void trim() {
        while (!lanes.isEmpty() && lanes.get(lanes.size() - 1) == null) {
            lanes.remove(lanes.size() - 1);
        }
    }

    private int free() {
        int column = lanes.indexOf(null);
        if (column < 0) {
            column = lanes.size();
            lanes.add(null);
        }
        return column;
    }

    private String node(int column, char sign) {
        StringBuilder line = new StringBuilder();
        for (int k = 0; k < Math.min(lanes.size(), MOST_DRAWN); k++) {
            line.append(k == column ? sign : lanes.get(k) == null ? ' ' : '│').append(' ');
        }
        if (column >= MOST_DRAWN) {
            line.append("… ").append(sign).append(' ');
        }
        return line.toString();
    }

    /** A line between what was open above and what is open now, with a bar from the column to all of the joined. */
    private String joint(List<@Nullable TransactionId> above, int column, List<Integer> joined) {
        int left = Math.min(column, Collections.min(joined));
        int right = Math.max(column, Collections.max(joined));
        StringBuilder line = new StringBuilder();
        for (int k = 0; k < Math.min(Math.max(above.size(), lanes.size()), MOST_DRAWN); k++) {
            int sides = (isOpen(above, k) ? UP : 0)
                    + (isOpen(lanes, k) ? DOWN : 0)
                    + (k > left && k <= right ? LEFT : 0)
                    + (k >= left && k < right ? RIGHT : 0);
            line.append(LINES.charAt(sides)).append((sides & RIGHT) != 0 ? '─' : ' ');
        }
        return line.toString().stripTrailing();
    }

    private static boolean isOpen(List<@Nullable TransactionId> row, int column) {
        return column < row.size() && row.get(column) != null;
    }
}
