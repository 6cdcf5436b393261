package dev.evstore.core.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.UndecodableEventException;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.EventType;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamVersion;
import dev.evstore.core.jackson.JacksonPayloads;
import dev.evstore.testkit.Foreign;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What an application says of a projection, and what of that its stored state depends on (rules O4, S9). */
class ProjectionTest {

    record Opened(String owner) {}

    record Paid(long cents) {}

    record PaidOnce(long euros) {}

    record Balance(String owner, long cents) {}

    record Total(long cents) {}

    private static final EventCodec<Object> CODEC = EventCodec.of(Object.class, new JacksonPayloads())
            .type("Opened", Opened.class)
            .type("Paid", Paid.class)
            .build();

    private static final EventCodec<Object> UPCASTING = EventCodec.of(Object.class, new JacksonPayloads())
            .type("Opened", Opened.class)
            .type("Paid/2", Paid.class)
            .upcast("Paid", PaidOnce.class, once -> new Paid(once.euros() * 100))
            .build();

    private static ProjectionStart start() {
        return Projection.named("balances").version(1);
    }

    private static ProjectionBuilder<Balance> balances(ProjectionStart start) {
        return start.initially(() -> new Balance("", 0))
                .on(Paid.class, (Balance state, Paid paid) -> new Balance(state.owner(), state.cents() + paid.cents()));
    }

    private static String hash(UnaryOperator<ProjectionBuilder<Balance>> change) {
        return change.apply(balances(start().perStream())).build().fingerprint(CODEC);
    }

    private static final EventFilter ALL = EventFilter.all();

    @Test
    void S9_whateverCanBeSeenOfAProjectionIsHashed() { // S9
        String base = hash(same -> same);
        List<String> others = new ArrayList<>(List.of(
                hash(p -> p.order(Order.ARRIVAL)),
                hash(p -> p.filter(EventFilter.prefix("a"))),
                hash(p -> p.filter(EventFilter.glob("a*"))),
                hash(p -> p.filter(ALL.withTypes(EventType.of("Paid")))),
                hash(p -> p.filter(ALL.withTags("t"))),
                hash(p -> p.onError(ErrorPolicy.SKIP)),
                hash(p -> p.onRedacted((state, event) -> state)),
                hash(p -> p.onEvery((state, event) -> state)),
                hash(p -> p.onType("Closed", (state, event) -> null)),
                hash(p -> p.on(Opened.class, (Balance state, Opened opened) -> new Balance(opened.owner(), 0))),
                balances(start().version(2).perStream()).build().fingerprint(CODEC),
                balances(start().single()).build().fingerprint(CODEC),
                balances(start().keyedBy(event -> "k")).build().fingerprint(CODEC),
                balances(start().perStream()).build().fingerprint(UPCASTING),
                start().perStream()
                        .initially(() -> new Total(0))
                        .on(Paid.class, (Total state, Paid paid) -> state)
                        .build()
                        .fingerprint(CODEC)));
        others.add(base);
        assertEquals(others.size(), Set.copyOf(others).size(), others::toString);
    }

    @Test
    void S9_theSameProjectionHasTheSameHashWhateverOrderItIsSaidIn() { // S9
        String one = balances(start().perStream())
                .on(Opened.class, (Balance state, Opened opened) -> new Balance(opened.owner(), 0))
                .onType("B", (state, event) -> state)
                .onType("A", (state, event) -> state)
                .filter(ALL.withTags("x", "y"))
                .build()
                .fingerprint(CODEC);
        String other = start().perStream()
                .initially(() -> new Balance("", 0))
                .onType("A", (state, event) -> state)
                .onType("B", (state, event) -> state)
                .on(Opened.class, (Balance state, Opened opened) -> state)
                .on(Paid.class, (Balance state, Paid paid) -> state)
                .filter(ALL.withTags("y", "x"))
                .build()
                .fingerprint(CODEC);
        assertEquals(one, other, "functions can't be seen: for them there is the version");
        assertNotEquals(one, hash(same -> same));
    }

    @Test
    void onlyWhatHandlersAreForIsRead() {
        Projection<Balance> projection = balances(start().perStream())
                .onType("Closed", (state, event) -> null)
                .build();
        assertEquals(
                Set.of(EventType.of("Paid"), EventType.of("Closed")),
                projection.filter(CODEC).types());
        assertEquals(
                Set.of(EventType.of("Paid"), EventType.of("Paid/2"), EventType.of("Closed")),
                projection.filter(UPCASTING).types(),
                "an upcast type may come to any class");
        assertEquals(
                Set.of(EventType.of("Closed")),
                balances(start().perStream())
                        .onType("Closed", (state, event) -> null)
                        .filter(ALL.withTypes(EventType.of("Closed"), EventType.of("Unheard")))
                        .build()
                        .filter(CODEC)
                        .types());
    }

    @Test
    void aFilterThatLeavesNothingToHandleIsRefused() {
        Projection<Balance> projection = balances(start().perStream())
                .filter(ALL.withTypes(EventType.of("Opened")))
                .build();
        refused("lets through", () -> projection.filter(CODEC));
    }

    @Test
    void aHandlerForWhatNoEventTypeStandsForIsRefused() {
        Projection<Balance> projection = balances(start().perStream())
                .on(Total.class, (Balance state, Total total) -> state)
                .build();
        refused("Total", () -> projection.filter(CODEC));
        refused("codec", () -> projection.filter(null));
    }

    @Test
    void whatContradictsItselfIsRefused() {
        refused("not a projection's name", () -> Projection.named(".hidden"));
        refused("not a projection's name", () -> Projection.named("a/b"));
        refused("at least 1", () -> Projection.named("p").version(0));
        refused("version", () -> Projection.named("p").single().initially(() -> 0));
        refused("rows", () -> Projection.named("p").version(1).initially(() -> 0));
        refused("rows twice", () -> start().single().perStream());
        refused("no event", () -> start().single().initially(() -> 0).build());
        refused("twice", () -> balances(start().single()).on(Paid.class, (Balance state, Paid paid) -> state));
        refused(
                "every event twice",
                () -> balances(start().single()).onEvery((s, e) -> s).onEvery((s, e) -> s));
        refused("classes", () -> balances(start().single()).on(CharSequence.class, (Balance s, CharSequence c) -> s));
    }

    private static ProjectedEvent event(String type, String data) {
        return new ProjectedEvent(
                new RecordedEvent(
                        new EventId(Foreign.id(1, 0), 0),
                        StreamId.of("s"),
                        StreamVersion.of(1),
                        EventType.of(type),
                        data,
                        null,
                        List.of(),
                        null),
                CODEC);
    }

    @Test
    void keysAreTextOfSomeLengthAndEachOnce() {
        ProjectedEvent event = event("Paid", "{\"cents\":1}");
        assertEquals(Set.of("a", "b"), keyed("a", "b", "a").keys(event));
        assertEquals(Set.of(), keyed().keys(event));
        String longest = "é".repeat(Projection.MAX_KEY_BYTES / 2);
        assertEquals(Set.of(longest), keyed(longest).keys(event));
        refused("bytes", () -> keyed(longest + "x").keys(event));
        refused("bytes", () -> keyed("").keys(event));
        refused("Unicode", () -> keyed("\uD83D").keys(event));
        assertEquals(Set.of(), balances(start().keyedBy(e -> null)).build().keys(event));
    }

    private static Projection<Balance> keyed(String... keys) {
        return balances(start().keyedByEach(event -> List.of(keys))).build();
    }

    @Test
    void theNearestHandlerIsTheOne() {
        Projection<String> projection = start().single()
                .initially(() -> "")
                .onType("Raw", (state, event) -> "raw " + event.data())
                .on(Paid.class, (state, paid, event) -> "paid " + paid.cents() + " in " + event.stream())
                .onEvery((state, event) -> "some " + event.type())
                .build();
        assertEquals("raw 1", apply(projection, event("Raw", "1")));
        assertEquals("paid 7 in s", apply(projection, event("Paid", "{\"cents\":7}")));
        assertEquals("some Opened", apply(projection, event("Opened", "{\"owner\":\"kim\"}")));
        assertEquals("some Unheard", apply(projection, event("Unheard", "0")));
        assertThrows(UndecodableEventException.class, () -> projection.handler(event("Paid", "0")));
        Projection<Balance> narrow = balances(start().single()).build();
        assertThrows(UndecodableEventException.class, () -> narrow.handler(event("Unheard", "0")));
        assertNull(narrow.handler(event("Opened", "{\"owner\":\"kim\"}")));
    }

    private static String apply(Projection<String> projection, ProjectedEvent event) {
        return String.valueOf(Objects.requireNonNull(projection.handler(event)).apply("", event));
    }

    private static void refused(String with, Executable what) {
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, what).getMessage());
        assertTrue(message.contains(with), message);
    }
}
