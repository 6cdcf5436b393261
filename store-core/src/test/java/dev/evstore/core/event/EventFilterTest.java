package dev.evstore.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.id.StreamId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class EventFilterTest {

    private static final EventType OPENED = EventType.of("Opened");
    private static final EventType CLOSED = EventType.of("Closed");

    @Test // P3
    void aStarIsAnyRunSlashesIncluded() {
        assertTrue(fits("account/*", "account/1/limits"));
        assertTrue(fits("*", "a/b/c"));
        assertTrue(fits("a*c", "ac"));
        assertTrue(fits("a**c", "abc"));
        assertTrue(fits("*a*b*", "xxaxxbxx"));
        assertFalse(fits("a*c", "acd"));
        assertFalse(fits("account/*", "account"));
    }

    @Test
    void aQuestionMarkIsOneCharacterHoweverManyUnitsItHas() {
        assertTrue(fits("a?c", "abc"));
        assertTrue(fits("a?c", "a/c"));
        assertTrue(fits("a?c", "a\ud83d\ude00c"));
        assertFalse(fits("a?c", "ac"));
        assertFalse(fits("a??c", "a\ud83d\ude00c"));
    }

    @Test
    void aSetIsOneOfItsMembersOrRanges() {
        assertTrue(fits("a[0-9x]", "a7"));
        assertTrue(fits("a[0-9x]", "ax"));
        assertFalse(fits("a[0-9x]", "a-"));
        assertFalse(fits("a[0-9x]", "a"));
        assertTrue(fits("a[x-]", "a-"));
        assertTrue(fits("[\ud83d\ude00-\ud83d\ude0f]", "\ud83d\ude05"));
        assertTrue(fits("[a!]", "!"));
    }

    @Test
    void aSetThatBeginsWithAnExclamationMarkIsOneOfTheOthers() {
        assertTrue(fits("a[!0-9]", "ab"));
        assertTrue(fits("a[!0-9]", "a/"));
        assertFalse(fits("a[!0-9]", "a7"));
        assertFalse(fits("a[!0-9]", "a"));
    }

    @Test
    void theWholeNameHasToFit() {
        assertFalse(fits("b", "abc"));
        assertFalse(fits("", "a"));
        assertTrue(fits("abc", "abc"));
        assertFalse(fits("ABC", "abc"));
    }

    @Test
    void aSetThatIsEmptyOrNotClosedIsRefused() {
        for (String wrong : List.of("[", "a[b", "[]", "[!]", "[!", "a[0-9]b[", "[]x")) {
            assertThrows(IllegalArgumentException.class, () -> EventFilter.glob(wrong), wrong);
        }
    }

    @Test
    void noPatternHangsAReader() {
        String name = "a".repeat(255);
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            assertFalse(fits("*a".repeat(120) + "b", name));
            assertFalse(fits("a*".repeat(250) + "[b-c]", name));
            assertFalse(fits("*".repeat(100_000) + "b", name));
            assertTrue(fits("*".repeat(100_000), name));
        });
    }

    @Property(tries = 1000)
    void globsFitWhatTheSameRegularExpressionDoes(@ForAll("globs") String glob, @ForAll("names") StreamId name) {
        String regex = glob.replace("*", ".*").replace("?", ".").replace("[!", "[^");
        assertEquals(
                Pattern.matches(regex, name.value()), EventFilter.glob(glob).acceptsStream(name), regex);
    }

    @Provide
    Arbitrary<String> globs() {
        return Arbitraries.of("a", "b", "/", "*", "?", "[ab]", "[!a]", "[a-c]")
                .list()
                .ofMaxSize(6)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<StreamId> names() {
        return Arbitraries.strings()
                .withChars("abc/")
                .ofMinLength(1)
                .ofMaxLength(6)
                .map(StreamId::of);
    }

    @Test // P3
    void allThatIsAskedForHasToHold() {
        EventFilter filter = new EventFilter("acc", "*[0-9]", Set.of(OPENED, CLOSED), Set.of("eu", "vip"));
        StreamId stream = StreamId.of("account-1");
        assertTrue(filter.accepts(stream, OPENED, List.of("vip", "new", "eu")));
        assertTrue(filter.accepts(stream, CLOSED, List.of("vip", "eu")));
        assertFalse(filter.accepts(stream, EventType.of("Other"), List.of("vip", "eu")));
        assertFalse(filter.accepts(stream, OPENED, List.of("vip")));
        assertFalse(filter.accepts(StreamId.of("account-x"), OPENED, List.of("vip", "eu")));
        assertFalse(filter.accepts(StreamId.of("my-account-1"), OPENED, List.of("vip", "eu")));
    }

    @Test
    void whatIsNotAskedForIsLetThrough() {
        StreamId stream = StreamId.of("account-1");
        assertTrue(EventFilter.all().accepts(stream, OPENED, List.of()));
        assertTrue(EventFilter.prefix("account-").accepts(stream, OPENED, List.of("x")));
        assertFalse(EventFilter.prefix("account-2").acceptsStream(stream));
        assertTrue(EventFilter.all().withTypes(OPENED).accepts(stream, OPENED, List.of()));
        assertFalse(EventFilter.all().withTypes(CLOSED).accepts(stream, OPENED, List.of()));
        assertFalse(EventFilter.all().withTags("t").accepts(stream, OPENED, List.of()));
        assertTrue(EventFilter.all().withTypes(CLOSED).withTags("t").acceptsStream(stream));
    }

    private static boolean fits(String glob, String name) {
        return EventFilter.glob(glob).acceptsStream(StreamId.of(name));
    }
}
