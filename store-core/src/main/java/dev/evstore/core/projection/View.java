package dev.evstore.core.projection;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.id.Digest;
import org.jspecify.annotations.Nullable;

/**
 * A row of a projection, as it is committed. Immutable, as its state is to be.
 *
 * @param key which row: of a per-stream projection the stream's name, of a single one empty
 * @param position up to where the projection has applied the feed
 * @param digest of the store whose events the state reflects, where that is known: at the end of the feed
 * @param stale whether the state is frozen while the projection is built anew beside it
 * @param differs whether events were left out of the projection by a person, so that other replicas' may differ
 */
public record View<S>(
        String key, S state, FeedCursor position, @Nullable Digest digest, boolean stale, boolean differs) {}
