package dev.evstore.testkit;

import dev.evstore.core.codec.Decoded;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.decide.Decider;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamVersion;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/**
 * What a decider does, without a store: given events, when a command, then events, or nothing, or a refusal.
 *
 * <pre>{@code
 * DeciderScenario.of(new Account(), codec)
 *         .given(new Opened("kim"))
 *         .when(new Withdraw(new BigDecimal("7.00")))
 *         .thenRefused(InsufficientFunds.class);
 * }</pre>
 *
 * <p>Immutable: a beginning may be shared by many.
 */
public final class DeciderScenario<C, E, S> {

    private static final TransactionId SOME_ID = Foreign.id(1, 0);

    private final Decider<C, E, S> decider;
    private final @Nullable EventCodec<E> codec;
    private final List<E> given;

    private DeciderScenario(Decider<C, E, S> decider, @Nullable EventCodec<E> codec, List<E> given) {
        this.decider = decider;
        this.codec = codec;
        this.given = List.copyOf(given);
    }

    /** A decider whose events are taken as they are. */
    public static <C, E, S> DeciderScenario<C, E, S> of(Decider<C, E, S> decider) {
        return new DeciderScenario<>(decider, null, List.of());
    }

    /** A decider whose events, given and decided, are written and read back on the way; they have to come back equal. */
    public static <C, E, S> DeciderScenario<C, E, S> of(Decider<C, E, S> decider, EventCodec<E> codec) {
        return new DeciderScenario<>(decider, codec, List.of());
    }

    /** These events happened, after those given before. */
    @SafeVarargs
    @SuppressWarnings("varargs") // handed on as it is
    public final DeciderScenario<C, E, S> given(E... events) {
        List<E> all = new ArrayList<>(given);
        all.addAll(List.of(events));
        return new DeciderScenario<>(decider, codec, all);
    }

    /** The state that what happened led to. */
    public void thenState(S expected) {
        S actual = state();
        if (!Objects.equals(expected, actual)) {
            throw failure(null, "the state\n  " + expected, "it is\n  " + actual, expected, actual);
        }
    }

    /** Asks for something. The decider is called here, once. */
    public When when(C command) {
        S state = state();
        try {
            return new When(command, decider.decide(command, state), null);
        } catch (RuntimeException refused) {
            return new When(command, List.of(), refused);
        }
    }

    private S state() {
        S state = decider.initial();
        for (E event : given) {
            state = decider.evolve(state, stored(event));
        }
        return state;
    }

    private E stored(E event) {
        if (codec == null) {
            return event;
        }
        NewEvent written = codec.encode(event);
        Decoded<E> read = codec.decode(new RecordedEvent(
                new EventId(SOME_ID, 0),
                StreamId.of("scenario"),
                StreamVersion.of(1),
                written.type(),
                written.data(),
                null,
                List.of(),
                null));
        E back = ((Decoded.Known<E>) read).value();
        if (!back.equals(event)) {
            throw failure(null, "written and read back\n  " + event, "it came back as\n  " + back, event, back);
        }
        return back;
    }

    private AssertionFailedError failure(
            @Nullable C command, String expected, String but, @Nullable Object wanted, @Nullable Object got) {
        return new AssertionFailedError(
                "given" + lines(given) + (command == null ? "" : "\nwhen\n  " + command) + "\nthen " + expected
                        + "\nbut " + but,
                wanted,
                got);
    }

    private static String lines(List<?> all) {
        return all.isEmpty()
                ? " nothing"
                : all.stream().map(one -> "\n  " + one).collect(Collectors.joining());
    }

    /** A command that was asked for, and what came of it. */
    public final class When {

        private final C command;
        private final List<E> events;
        private final @Nullable RuntimeException refused;

        private When(C command, List<E> events, @Nullable RuntimeException refused) {
            this.command = command;
            this.events = List.copyOf(events);
            this.refused = refused;
        }

        /** Just these events happen, in this order; one at least, or {@link #thenNothing} says it better. */
        @SafeVarargs
        @SuppressWarnings("varargs") // handed on as it is
        public final void then(E... expected) {
            then(List.of(expected));
        }

        /** Nothing happens, and nothing is refused. */
        public void thenNothing() {
            then(List.of());
        }

        private void then(List<E> expected) {
            String wanted = "events" + lines(expected);
            if (refused != null) {
                AssertionFailedError error =
                        failure(command, wanted, "it was refused\n  " + refused, expected, refused);
                error.initCause(refused);
                throw error;
            }
            events.forEach(DeciderScenario.this::stored);
            if (!events.equals(expected)) {
                throw failure(command, wanted, "events were" + lines(events), expected, events);
            }
        }

        /**
         * It is refused with this, or a kind of this.
         *
         * @return what the decider threw, to look at closer
         */
        public <X extends RuntimeException> X thenRefused(Class<X> with) {
            String wanted = "refused with\n  " + with.getName();
            if (refused == null) {
                throw failure(command, wanted, "events were" + lines(events), with, events);
            }
            if (!with.isInstance(refused)) {
                AssertionFailedError error = failure(command, wanted, "it was\n  " + refused, with, refused);
                error.initCause(refused);
                throw error;
            }
            return with.cast(refused);
        }
    }
}
