package dev.evstore.cli.input;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import org.jspecify.annotations.Nullable;

/**
 * What one line of input asks for. Immutable.
 *
 * @param label what its transaction is called in the input, or null
 * @param command an idempotency key, or null
 * @param size how long the line was, in bytes of UTF-8
 */
public record InputEvent(
        StreamId stream,
        ExpectedVersion expected,
        NewEvent event,
        @Nullable String label,
        @Nullable String command,
        int size) {}
