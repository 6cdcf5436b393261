package dev.evstore.core.codec;

import dev.evstore.core.event.OpaqueEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.event.StoredEvent;

/**
 * What became of an event in decoding. An event that should have a value and has none is no case of this: it is an
 * {@link dev.evstore.core.UndecodableEventException}.
 *
 * @param <E> what the codec's events are
 */
public sealed interface Decoded<E> {

    /** The event as it is stored: its id, stream, version and type. */
    StoredEvent event();

    /** It has a value. */
    record Known<E>(RecordedEvent event, E value) implements Decoded<E> {}

    /** Its payload was taken out; its type may be one that the codec does not know. */
    record Redacted<E>(RedactedEvent event) implements Decoded<E> {}

    /** It is of a newer format (rule V3). */
    record Opaque<E>(OpaqueEvent event) implements Decoded<E> {}
}
