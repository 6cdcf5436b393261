package dev.evstore.core.projection.engine;

import dev.evstore.core.id.EventId;

/** That an event belongs to a row: kept of keyed projections, since a retraction has no payload to take a key from. */
public record Member(String key, EventId event) {}
