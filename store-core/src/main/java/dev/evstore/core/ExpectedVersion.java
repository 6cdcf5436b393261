package dev.evstore.core;

import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.StreamVersion;

/** What a writer claims about a stream it appends to. */
public sealed interface ExpectedVersion {

    /** The stream has no events. */
    record NoStream() implements ExpectedVersion {}

    /** The stream has events. */
    record Exists() implements ExpectedVersion {}

    /** Nothing is checked; the events follow what stands there. */
    record Current() implements ExpectedVersion {}

    /** A free append: nothing is claimed, so it never conflicts and never forks. */
    record Any() implements ExpectedVersion {}

    /** The stream has this many events. */
    record Exactly(StreamVersion version) implements ExpectedVersion {}

    /** The stream is the very one that was read; it also sees one replaced by another of equal length. */
    record Unchanged(StreamState state) implements ExpectedVersion {}

    static ExpectedVersion noStream() {
        return new NoStream();
    }

    static ExpectedVersion exists() {
        return new Exists();
    }

    static ExpectedVersion current() {
        return new Current();
    }

    static ExpectedVersion any() {
        return new Any();
    }

    static ExpectedVersion exactly(long version) {
        return new Exactly(StreamVersion.of(version));
    }

    static ExpectedVersion unchanged(StreamState state) {
        return new Unchanged(state);
    }

    /** Whether a stream in this state is as expected. */
    default boolean holdsFor(StreamState actual) {
        if (this instanceof NoStream) {
            return actual.version().value() == 0;
        }
        if (this instanceof Exists) {
            return actual.version().value() > 0;
        }
        if (this instanceof Exactly exactly) {
            return actual.version().equals(exactly.version());
        }
        if (this instanceof Unchanged unchanged) {
            return actual.equals(unchanged.state());
        }
        return true;
    }
}
