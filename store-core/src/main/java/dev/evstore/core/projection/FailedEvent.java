package dev.evstore.core.projection;

import dev.evstore.core.id.EventId;

/**
 * An event that did not change its row, since its handler threw or it could not be decoded (rule R4). Immutable.
 *
 * @param key the row; empty where it is not known, too
 * @param error what was thrown, without any payload
 * @param parked whether a person is to look at it
 */
public record FailedEvent(EventId event, String key, String error, boolean parked) {}
