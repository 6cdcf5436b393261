package dev.evstore.core.projection;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row that a statement gave, by the names of its columns. Immutable but for the bytes in it. */
public final class SqlRow {

    private final Map<String, @Nullable Object> values;

    /**
     * @param values of SQLite's classes: {@code Long}, {@code Double}, {@code String}, {@code byte[]}, null
     */
    public SqlRow(Map<String, ? extends @Nullable Object> values) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** In the statement's order. */
    public List<String> columns() {
        return List.copyOf(values.keySet());
    }

    public boolean isNull(String column) {
        return value(column) == null;
    }

    /**
     * A whole number.
     *
     * @throws IllegalArgumentException there is no such column, or something else is in it; so the others, too
     */
    public long integer(String column) {
        return as(Long.class, column);
    }

    /** A number. */
    public double real(String column) {
        return as(Number.class, column).doubleValue();
    }

    public String text(String column) {
        return as(String.class, column);
    }

    public byte[] bytes(String column) {
        return as(byte[].class, column);
    }

    private <T> T as(Class<T> type, String column) {
        Object value = value(column);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("column " + column + " has "
                    + (value == null ? "nothing" : "a " + value.getClass().getSimpleName()) + ", no "
                    + type.getSimpleName());
        }
        return type.cast(value);
    }

    private @Nullable Object value(String column) {
        if (!values.containsKey(column)) {
            throw new IllegalArgumentException("there is no column " + column + " in " + columns());
        }
        return values.get(column);
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
