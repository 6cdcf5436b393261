package dev.evstore.core.projection.engine;

import dev.evstore.core.id.EventId;

/**
 * An event that a row was not changed by, since its handler threw or it could not be decoded (rule R4).
 *
 * @param key the row; empty for a keyed projection's event whose keys can't be told
 * @param error what was thrown, without any payload (rule R7)
 * @param parked whether a person is to look at it
 */
public record Failure(String key, EventId event, String error, boolean parked) {}
