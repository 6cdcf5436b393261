package dev.evstore.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a row of appends came. Immutable.
 *
 * @param results of those that went through, which are the first of the row
 * @param failure why the next one did not, as {@link EventStore#append(Append)} throws it; null if all went through
 */
public record AppendedAll(
        List<AppendResult> results, @Nullable RuntimeException failure) {
    public AppendedAll {
        results = List.copyOf(results);
    }
}
