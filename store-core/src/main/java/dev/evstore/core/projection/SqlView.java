package dev.evstore.core.projection;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.id.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a statement reads of a {@link SqlProjection}'s committed tables, at one moment. Immutable, as its rows are to be.
 *
 * @param position up to where the projection has applied the feed
 * @param digest of the store whose events the tables reflect, where that is known: at the end of the feed
 * @param stale whether the tables are frozen while they are built anew beside
 * @param differs whether events were left out of the projection by a person, so that other replicas' may differ
 */
public record SqlView<T>(
        List<T> rows, FeedCursor position, @Nullable Digest digest, boolean stale, boolean differs) {
    public SqlView {
        rows = List.copyOf(rows);
    }
}
