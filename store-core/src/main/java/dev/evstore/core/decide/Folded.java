package dev.evstore.core.decide;

import dev.evstore.core.id.StreamState;

/**
 * A stream folded. Immutable, as the value is to be.
 *
 * @param state the stream's state that it was folded from
 * @param value what the fold gave
 */
public record Folded<S>(StreamState state, S value) {}
