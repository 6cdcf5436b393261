package dev.evstore.fs;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.id.Digest;
import org.jspecify.annotations.Nullable;

/**
 * A row of a projection as it is stored, whatever version of the projection stored it. Immutable.
 *
 * @param json the state's JSON text
 * @param position up to where the projection has applied the feed
 * @param digest of the store whose events the state reflects, where that is known
 * @param stale whether the projection is built anew beside it
 * @param differs whether events were left out by a person
 */
public record StoredView(
        String key,
        String json,
        FeedCursor position,
        @Nullable Digest digest,
        boolean stale,
        boolean differs) {}
