package dev.evstore.core.projection.engine;

import dev.evstore.core.id.EventId;
import org.jspecify.annotations.Nullable;

/**
 * A row as it is kept. It stays as long as it has an event, even if its last handler said that there is no row: an event
 * that comes late has to find its place.
 *
 * @param state the state's bytes, or null where there is no row to be seen
 * @param mark the canonically last event that was given to it; of {@code ARRIVAL} order the last that arrived (rule O2)
 * @param count how many events were given to it, at least 1
 */
public record StoredRow(byte @Nullable [] state, EventId mark, long count) {}
