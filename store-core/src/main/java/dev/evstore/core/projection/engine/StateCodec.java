package dev.evstore.core.projection.engine;

import dev.evstore.core.codec.PayloadException;
import dev.evstore.core.codec.Payloads;
import dev.evstore.core.id.EventId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * States as bytes and back: the UTF-8 of their JSON. It watches that what comes back is what was written (rule S10).
 * Thread-safe.
 *
 * @param <S> the state
 */
public final class StateCodec<S> {

    /** The most bytes a state may have. */
    public static final int MOST_BYTES = 16 << 20;

    /** How many of a run's first states are read back at once; of those that follow, one in {@link #AND_ONE_IN}. */
    private static final int CHECKED_FIRST = 1_000;

    private static final int AND_ONE_IN = 64;

    private final Payloads payloads;
    private final Class<S> type;
    private int written;

    public StateCodec(Payloads payloads, Class<S> type) {
        this.payloads = payloads;
        this.type = type;
    }

    /**
     * A state as bytes: equal states, equal bytes.
     *
     * @param at the last event of its row, which is named where it fails: a key may say what a payload says (rule R7)
     * @throws ProjectionFailedException it has none, they are too many, or they would be read back as another state
     */
    byte @Nullable [] encode(@Nullable EventId at, @Nullable S state) {
        if (state == null) {
            return null;
        }
        byte[] bytes = bytes(at, state);
        if (bytes.length > MOST_BYTES) {
            throw new ProjectionFailedException(
                    "a row's state has " + bytes.length + " bytes, and " + MOST_BYTES + " at the most",
                    place(at),
                    null);
        }
        written++;
        if (written <= CHECKED_FIRST || written % AND_ONE_IN == 0) {
            check(at, bytes);
        }
        return bytes;
    }

    private byte[] bytes(@Nullable EventId at, S state) {
        try {
            return payloads.write(state).getBytes(StandardCharsets.UTF_8);
        } catch (PayloadException e) {
            throw new ProjectionFailedException("a row's state can't be written: " + e.getMessage(), place(at), e);
        }
    }

    private void check(@Nullable EventId at, byte[] bytes) {
        S again = decode(at, bytes);
        if (again == null || !Arrays.equals(bytes(at, again), bytes)) {
            throw new ProjectionFailedException(
                    "a row's state is read back as another one: " + type.getName()
                            + " has parts that its JSON does not say, or says in no fixed order",
                    place(at),
                    null);
        }
    }

    private static String place(@Nullable EventId at) {
        return at == null ? "a row without events" : "the row whose last event is " + at;
    }

    /** Whether bytes that somebody else wrote say just what they would say if this wrote them. */
    public boolean roundTrips(byte[] bytes) {
        try {
            S state = payloads.read(new String(bytes, StandardCharsets.UTF_8), type);
            return Arrays.equals(payloads.write(state).getBytes(StandardCharsets.UTF_8), bytes);
        } catch (PayloadException e) {
            return false;
        }
    }

    /**
     * What {@link #encode} wrote.
     *
     * @param at as there; null where it is not known
     * @throws ProjectionFailedException the bytes are no such state
     */
    public @Nullable S decode(@Nullable EventId at, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return payloads.read(new String(bytes, StandardCharsets.UTF_8), type);
        } catch (PayloadException e) {
            throw new ProjectionFailedException("a row's stored state can't be read: " + e.getMessage(), place(at), e);
        }
    }
}
