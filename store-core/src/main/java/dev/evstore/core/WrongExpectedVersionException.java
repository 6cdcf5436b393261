package dev.evstore.core;

import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import java.util.List;
import java.util.stream.Collectors;

/** A stream was not as the writer expected. Nothing was written. */
public final class WrongExpectedVersionException extends StoreException {

    private static final long serialVersionUID = 1L;

    private final transient List<Moved> moved;

    /**
     * @param moved every stream that was not as expected, at least one
     */
    public WrongExpectedVersionException(List<Moved> moved) {
        super(
                "A stream is not as expected; nothing was written.",
                moved.stream().map(Moved::toString).collect(Collectors.joining("; ")),
                "read the streams again, decide again, append again",
                null);
        this.moved = List.copyOf(moved);
    }

    /** Every stream that was not as expected. */
    public List<Moved> moved() {
        return moved;
    }

    /**
     * A stream that was not as expected.
     *
     * @param expected what the writer claimed (of a stream only read: {@link ExpectedVersion.Unchanged})
     * @param actual what stands there
     */
    public record Moved(StreamId stream, ExpectedVersion expected, StreamState actual) {
        @Override
        public String toString() {
            return "stream " + stream + ", expected " + describe(expected) + ", actual version " + actual.version();
        }

        private static String describe(ExpectedVersion expected) {
            if (expected instanceof ExpectedVersion.Exactly exactly) {
                return "version " + exactly.version();
            }
            if (expected instanceof ExpectedVersion.Unchanged unchanged) {
                return "unchanged since version " + unchanged.state().version();
            }
            return expected instanceof ExpectedVersion.NoStream ? "no stream" : "that it exists";
        }
    }
}
