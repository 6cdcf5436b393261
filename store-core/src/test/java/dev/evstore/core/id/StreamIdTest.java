package dev.evstore.core.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StreamIdTest {

    private static final int[][] FORBIDDEN = {
        {0x0000, 0x001F},
        {0x007F, 0x009F},
        {0x061C, 0x061C},
        {0x200B, 0x200F},
        {0x2028, 0x202E},
        {0x2060, 0x206F},
        {0xFDD0, 0xFDEF},
        {0xFEFF, 0xFEFF}
    };
    private static final int[] BLANKS = {
        0x20, 0xA0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A,
        0x202F, 0x205F, 0x3000
    };

    @Test // V1
    void everyForbiddenRangeBeginsAndEndsWhereTheFormatSays() {
        for (int[] range : FORBIDDEN) {
            for (int c = range[0]; c <= range[1]; c++) {
                assertFalse(inside(c), Integer.toHexString(c));
            }
            if (range[0] > 0) {
                assertTrue(inside(range[0] - 1), Integer.toHexString(range[0] - 1));
            }
            assertTrue(inside(range[1] + 1), Integer.toHexString(range[1] + 1));
        }
    }

    @Test // V1
    void theLastTwoCodePointsOfEveryPlaneAreForbidden() {
        for (int plane = 0; plane <= 0x10; plane++) {
            assertFalse(inside(plane << 16 | 0xFFFE));
            assertFalse(inside(plane << 16 | 0xFFFF));
            assertTrue(inside(plane << 16 | 0xFFFD));
            if (plane > 0) {
                assertTrue(inside(plane << 16));
            }
        }
    }

    @Property // V1
    void whatIsInNoRangeIsAllowedWithinAName(@ForAll("codePoints") int c) {
        boolean forbidden = (c & 0xFFFE) == 0xFFFE || "*?[]".indexOf(c) >= 0;
        for (int[] range : FORBIDDEN) {
            forbidden |= c >= range[0] && c <= range[1];
        }
        assertEquals(!forbidden, inside(c));
    }

    @Test // V1
    void wildcardsAreForbiddenEverywhere() {
        for (String wildcard : List.of("*", "?", "[", "]")) {
            assertFalse(StreamId.isValid(wildcard));
            assertFalse(StreamId.isValid("a" + wildcard));
            assertFalse(StreamId.isValid(wildcard + "b"));
        }
    }

    @Test // V1
    void blanksAreForbiddenAtBothEndsOnly() {
        for (int blank : BLANKS) {
            String c = Character.toString(blank);
            assertTrue(StreamId.isValid("a" + c + "b"), Integer.toHexString(blank));
            assertFalse(StreamId.isValid(c + "b"), Integer.toHexString(blank));
            assertFalse(StreamId.isValid("a" + c), Integer.toHexString(blank));
            assertFalse(StreamId.isValid(c), Integer.toHexString(blank));
        }
        for (int edge :
                new int[] {0x21, 0xA1, 0x167F, 0x1681, 0x1FFF, 0x2010, 0x2027, 0x2030, 0x205E, 0x2FFF, 0x3001}) {
            assertTrue(StreamId.isValid(Character.toString(edge)), Integer.toHexString(edge));
        }
    }

    @Test // V1
    void aNameHasOneTo255BytesOfUtf8() {
        assertFalse(StreamId.isValid(""));
        assertTrue(StreamId.isValid("a".repeat(255)));
        assertFalse(StreamId.isValid("a".repeat(256)));
        assertTrue(StreamId.isValid("\u00e4".repeat(127) + "a"));
        assertFalse(StreamId.isValid("\u00e4".repeat(128)));
        assertTrue(StreamId.isValid("\u20ac".repeat(85)));
        assertFalse(StreamId.isValid("\u20ac".repeat(85) + "a"));
        assertTrue(StreamId.isValid("\ud83d\ude00".repeat(63) + "abc"));
        assertFalse(StreamId.isValid("\ud83d\ude00".repeat(64)));
    }

    @Test // V1, T61
    void aLoneSurrogateIsNoName() {
        assertFalse(StreamId.isValid("\ud83d"));
        assertFalse(StreamId.isValid("\ude00"));
        assertFalse(StreamId.isValid("a\ud83db"));
        assertFalse(StreamId.isValid("\ude00\ud83d"));
        assertTrue(StreamId.isValid("\ud83d\ude00"));
    }

    @Test
    void aRefusalSaysWhatIsWrongInPrintableCharacters() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> StreamId.of("a\u202eb"));
        assertTrue(String.valueOf(e.getMessage()).contains("U+202E"));
        assertTrue(String.valueOf(e.getMessage()).chars().allMatch(c -> c >= 0x20 && c < 0x7F), e.getMessage());
    }

    @Test
    void aLeadingDollarIsValidAndReserved() {
        assertTrue(StreamId.of("$store").reserved());
        assertFalse(StreamId.of("store$").reserved());
    }

    @Test // V1: no normalisation
    void composedAndDecomposedAreTwoStreams() {
        assertEquals(2, new TreeSet<>(List.of(StreamId.of("\u00e4"), StreamId.of("a\u0308"))).size());
    }

    @Test
    void streamsOrderByUtf8WhereUtf16WouldOrderOtherwise() {
        String wide = "\uff5e"; // one unit, above the surrogates; three bytes
        String smile = "\ud83d\ude00"; // begins with a surrogate; four bytes
        assertTrue(smile.compareTo(wide) < 0);
        assertTrue(StreamId.of(smile).compareTo(StreamId.of(wide)) > 0);
        assertTrue(StreamId.of("a" + wide).compareTo(StreamId.of("a" + smile)) < 0);
    }

    @Property(tries = 500)
    void streamsOrderAsTheirBytesDo(@ForAll("names") StreamId a, @ForAll("names") StreamId b) {
        assertEquals(Integer.signum(Arrays.compareUnsigned(a.utf8(), b.utf8())), Integer.signum(a.compareTo(b)));
        assertEquals(a.equals(b), a.compareTo(b) == 0);
        assertEquals(a.utf8().length, Names.utf8Length(a.value()));
    }

    @Provide
    Arbitrary<Integer> codePoints() {
        return Arbitraries.integers()
                .between(0, 0x10FFFF)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE);
    }

    @Provide
    Arbitrary<StreamId> names() {
        return Arbitraries.strings()
                .withChars("ab~\u00e4\u07ff\u0800\ud7ff\ue000\uff5e")
                .ofMaxLength(3)
                .flatMap(start -> Arbitraries.of("", "\ud83d\ude00", "\ud800\udc00", "\udbff\udffd", "\uff5e")
                        .map(end -> start + end))
                .filter(StreamId::isValid)
                .map(StreamId::of);
    }

    private static boolean inside(int c) {
        return StreamId.isValid("a" + Character.toString(c) + "b");
    }
}
