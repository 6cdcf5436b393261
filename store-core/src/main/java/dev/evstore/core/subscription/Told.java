package dev.evstore.core.subscription;

import dev.evstore.core.id.EventId;
import dev.evstore.core.id.Sha256;

/**
 * What a subscription told of: an event in one variant of its transaction (rule I5). By event and not by transaction, so
 * that an event that was never told is told when its transaction returns, though others of it were.
 */
public record Told(EventId event, Sha256 trailer) {}
