package dev.evstore.core.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.UndecodableEventException;
import dev.evstore.core.UndecodableEventException.Reason;
import dev.evstore.core.event.EventType;
import dev.evstore.core.event.OpaqueEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamVersion;
import dev.evstore.core.jackson.JacksonPayloads;
import dev.evstore.testkit.Foreign;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EventCodecTest {

    private static final Payloads JSON = new JacksonPayloads();
    private static final EventId ID = new EventId(Foreign.id(5, 6), 3);

    sealed interface Event permits Plain, Nested, Signal, Base {}

    record Plain(int n) implements Event {}

    sealed interface Nested extends Event permits Inner {}

    record Inner(String text) implements Nested {}

    enum Signal implements Event {
        ON,
        OFF {
            @Override
            boolean silent() {
                return true;
            }
        };

        boolean silent() {
            return false;
        }
    }

    static sealed class Base implements Event permits Derived {
        public int n;

        @Override
        public boolean equals(Object other) {
            return other instanceof Base base && base.n == n;
        }

        @Override
        public int hashCode() {
            return n;
        }
    }

    static final class Derived extends Base {}

    sealed interface Leaky permits Wide {}

    non-sealed interface Wide extends Leaky {}

    record Old(int before) {}

    private static RecordedEvent event(String type, String data) {
        return new RecordedEvent(
                ID, StreamId.of("a"), StreamVersion.of(7), EventType.of(type), data, null, List.of(), null);
    }

    private static EventCodecBuilder<Event> permitted() {
        return EventCodec.ofPermitted(Event.class, JSON);
    }

    @Test
    void everyPermittedClassIsWrittenAndReadUnderItsSimpleName() {
        EventCodec<Event> codec = permitted().build();
        assertEquals(
                Set.of("Plain", "Inner", "Signal", "Base", "Derived"),
                codec.types().stream().map(EventType::value).collect(Collectors.toSet()));
        for (Event value : List.of(new Plain(1), new Inner("x"), Signal.ON, Signal.OFF, new Base(), new Derived())) {
            var written = codec.encode(value);
            Object read = known(codec, written.type().value(), written.data());
            assertEquals(value, read);
            assertEquals(value.getClass(), read.getClass());
        }
    }

    @Test
    void aNameGivenReplacesTheSimpleOneAndOldNamesAreReadOnly() {
        EventCodec<Event> codec = permitted()
                .type("plain", Plain.class)
                .renamed("Plane", Plain.class)
                .upcast("Plain", Old.class, old -> new Plain(old.before() + 1))
                .build();
        assertEquals("plain", codec.encode(new Plain(1)).type().value());
        assertEquals(new Plain(2), known(codec, "Plane", "{\"n\":2}"));
        assertEquals(new Plain(3), known(codec, "Plain", "{\"before\":2}"));
    }

    private static Object known(EventCodec<Event> codec, String type, String data) {
        return assertInstanceOf(Decoded.Known.class, codec.decode(event(type, data)))
                .value();
    }

    @Test
    void duplicatesAndGapsAreRefusedBeforeAnythingIsDecoded() {
        refused(
                "stands for two things",
                () -> permitted().type("Inner", Plain.class).build());
        refused(
                "stands for two things",
                () -> permitted().type("x", Plain.class).renamed("x", Inner.class));
        refused(
                "stands for two things",
                () -> permitted().type("x", Plain.class).upcast("x", Old.class, old -> new Plain(1)));
        refused("two names", () -> permitted().type("x", Plain.class).type("y", Plain.class));
        refused(
                "permits what no event type stands for: [" + Inner.class.getName(),
                () -> EventCodec.of(Event.class, JSON)
                        .type("Plain", Plain.class)
                        .type("Signal", Signal.class)
                        .type("Base", Base.class)
                        .type("Derived", Derived.class)
                        .build());
        refused("not sealed", () -> EventCodec.ofPermitted(Runnable.class, JSON));
        refused("neither sealed nor final", () -> EventCodec.ofPermitted(Leaky.class, JSON));
        refused("events are of classes", () -> EventCodec.of(Event.class, JSON).type("Nested", Nested.class));
        refused("reserved", () -> permitted().type("$x", Plain.class));
        refused("no event type", () -> EventCodec.of(Runnable.class, JSON).build());
    }

    private static void refused(String why, org.junit.jupiter.api.function.Executable build) {
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, build).getMessage());
        assertTrue(message.contains(why), message);
    }

    @Test
    void whatWasTakenOutOrIsOfANewerFormatIsACaseOfItsOwn() {
        EventCodec<Event> codec = permitted().build();
        RedactedEvent redacted =
                new RedactedEvent(ID, StreamId.of("a"), StreamVersion.of(1), EventType.of("Unheard"), null);
        OpaqueEvent opaque = new OpaqueEvent(ID, StreamId.of("a"), StreamVersion.of(1), EventType.of("Plain"), "{}");
        assertEquals(new Decoded.Redacted<>(redacted), codec.decode(redacted));
        assertEquals(new Decoded.Opaque<>(opaque), codec.decode(opaque));
    }

    @Test
    void anEventThatCannotBeDecodedIsNamedAndNotQuoted() { // P3, R7
        EventCodec<Event> codec = permitted()
                .upcast("Thrown", Inner.class, old -> {
                    throw new IllegalStateException(old.text());
                })
                .upcast("Nothing", Inner.class, old -> nothing())
                .build();
        undecodable(codec, Reason.UNKNOWN_TYPE, event("Unheard", "{\"n\":\"secret\"}"));
        undecodable(codec, Reason.PAYLOAD, event("Plain", "{\"n\":\"secret\"}"));
        undecodable(codec, Reason.PAYLOAD, event("Plain", "null"));
        undecodable(codec, Reason.PAYLOAD, event("Plain", "\"secret\""));
        undecodable(codec, Reason.PAYLOAD, event("Signal", "\"secret\""));
        undecodable(codec, Reason.PAYLOAD, event("Nothing", "{\"text\":\"secret\"}"));
        UndecodableEventException thrown = undecodable(codec, Reason.PAYLOAD, event("Thrown", "{\"text\":\"secret\"}"));
        assertTrue(thrown.where().contains("IllegalStateException"), thrown.where());
    }

    @SuppressWarnings("NullAway") // what NullAway keeps our code from, others may do
    private static Event nothing() {
        return null;
    }

    private static UndecodableEventException undecodable(EventCodec<Event> codec, Reason reason, RecordedEvent event) {
        UndecodableEventException e = assertThrows(UndecodableEventException.class, () -> codec.decode(event));
        assertEquals(reason, e.reason());
        assertEquals(event, e.event());
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        assertFalse(trace.toString().contains("secret"), trace::toString);
        assertTrue(e.where().contains("event " + ID + ", stream a, type \"" + event.type() + "\""), e.where());
        return e;
    }

    @Test
    void whatIsNotRegisteredIsNotWritten() {
        EventCodec<Object> codec =
                EventCodec.of(Object.class, JSON).type("Plain", Plain.class).build();
        assertThrows(IllegalArgumentException.class, () -> codec.encode(new Old(1)));
        record Bad(double n) {}
        EventCodec<Bad> bad =
                EventCodec.of(Bad.class, JSON).type("Bad", Bad.class).build();
        String message =
                String.valueOf(assertThrows(IllegalArgumentException.class, () -> bad.encode(new Bad(Double.NaN)))
                        .getMessage());
        assertTrue(message.contains("Bad") && message.contains("not finite"), message);
    }
}
