package dev.evstore.core.projection.engine;

import org.jspecify.annotations.Nullable;

/**
 * The result of a call outside the events (rule E1).
 *
 * @param value the result's bytes, or null where null was the result
 */
public record Memo(String effect, int version, String key, byte @Nullable [] value) {}
