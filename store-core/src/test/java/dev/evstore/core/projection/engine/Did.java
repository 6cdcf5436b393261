package dev.evstore.core.projection.engine;

import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.jackson.JacksonPayloads;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The event of these tests.
 *
 * @param keys the rows it belongs to in a keyed projection, with a comma between them
 * @param does what it does to a row
 */
record Did(String keys, Does does, int n) {

    /** What an event does to its row. */
    enum Does {
        /** The state becomes another, whatever it was. */
        ADD,
        /** No row any more. */
        DELETE,
        /** The handler throws. */
        THROW,
        /** The handler throws, depending on the state. */
        PICK,
        /** The keys can't be told. */
        LOSE,
        /** The payload is not what its type says. */
        GARBLE
    }

    static final EventCodec<Object> CODEC = EventCodec.of(Object.class, new JacksonPayloads())
            .type("Did", Did.class)
            .type("Other", String.class)
            .build();

    static final String NOTHING = "-";

    static NewEvent add(int n) {
        return new Did("", Does.ADD, n).event();
    }

    static NewEvent delete() {
        return new Did("", Does.DELETE, 0).event();
    }

    static NewEvent failing() {
        return new Did("", Does.THROW, 0).event();
    }

    static NewEvent of(String keys, int n) {
        return new Did(keys, Does.ADD, n).event();
    }

    NewEvent event() {
        return does == Does.GARBLE ? NewEvent.of("Did", "[]") : CODEC.encode(this);
    }

    Set<String> toKeys() {
        if (does == Does.LOSE) {
            throw new IllegalStateException("whose is it?");
        }
        return keys.isEmpty() ? Set.of() : new TreeSet<>(Set.of(keys.split(",")));
    }

    /** A chain: any event more, less or elsewhere makes another state. */
    @Nullable
    String fold(String state) {
        return switch (does) {
            case ADD, LOSE -> chain(state, Integer.toString(n));
            case DELETE -> null;
            case PICK -> {
                if (state.hashCode() % 2 == 0) {
                    throw new IllegalArgumentException("not after " + state);
                }
                yield chain(state, "picked " + n);
            }
            case THROW, GARBLE -> throw new IllegalStateException("never");
        };
    }

    static String chain(String state, String link) {
        String longer = state + " " + link;
        return longer.length() < 50
                ? longer
                : Sha256.hash(longer.getBytes(StandardCharsets.UTF_8)).half();
    }
}
