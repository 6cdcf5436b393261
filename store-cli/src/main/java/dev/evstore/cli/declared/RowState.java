package dev.evstore.cli.declared;

import dev.evstore.core.id.Names;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A row of a declared projection. Immutable.
 *
 * @param cells what each field holds, ascending by the bytes of the fields' names
 */
record RowState(SortedMap<String, Cell> cells) {

    /** How long the text of a row may become; far below what a projection's row may have at the most. */
    static final int MOST_CHARACTERS = 1 << 20;

    RowState {
        SortedMap<String, Cell> sorted = new TreeMap<>(Names::compareUtf8);
        sorted.putAll(cells);
        cells = Collections.unmodifiableSortedMap(sorted);
    }

    static RowState of(Map<String, Cell> cells) {
        return new RowState(new TreeMap<>(cells));
    }

    Cell cell(String field) {
        return cells.getOrDefault(field, Cell.NULL);
    }

    int size() {
        return cells.entrySet().stream()
                .mapToInt(cell -> cell.getKey().length() + cell.getValue().size())
                .sum();
    }
}
