package dev.evstore.core.projection.engine;

import dev.evstore.core.id.EventId;
import org.jspecify.annotations.Nullable;

/**
 * A row as it was after some of its events (rule O3).
 *
 * @param count after how many
 * @param at after which one
 * @param state the state's bytes, or null where there was no row to be seen
 */
public record RowImage(long count, EventId at, byte @Nullable [] state) {}
