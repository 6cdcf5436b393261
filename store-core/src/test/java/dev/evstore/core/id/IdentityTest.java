package dev.evstore.core.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Transaction, event and replica ids as text, bytes and order. */
class IdentityTest {

    private static final String ORDINARY = "0193a5f0-1234-7abc-8def-0123456789ab";
    private static final String MERGE = "0193a5f0-1234-8abc-bdef-0123456789ab";

    @Test // V1
    void aTransactionIdIsAUuidOfVersion7Or8InLowerCase() {
        assertEquals(ORDINARY, TransactionId.of(ORDINARY).toString());
        assertEquals(0x0193a5f01234L, TransactionId.of(ORDINARY).millis());
        assertFalse(TransactionId.of(ORDINARY).isMerge());
        assertTrue(TransactionId.of(MERGE).isMerge());
        for (String wrong : List.of(
                "",
                "0193A5F0-1234-7abc-8def-0123456789ab",
                "0193a5f0-1234-4abc-8def-0123456789ab",
                "0193a5f0-1234-9abc-8def-0123456789ab",
                "0193a5f0-1234-7abc-7def-0123456789ab",
                "0193a5f0-1234-7abc-cdef-0123456789ab",
                "0193a5f012347abc8def0123456789ab",
                "193a5f0-1234-7abc-8def-0123456789ab",
                "0193a5f0-1234-7abc-8def-0123456789ag",
                "0193a5f01-234-7abc-8def-0123456789ab",
                ORDINARY + " ")) {
            assertFalse(TransactionId.isValid(wrong), wrong);
            assertThrows(IllegalArgumentException.class, () -> TransactionId.of(wrong));
        }
        assertThrows(IllegalArgumentException.class, () -> new TransactionId(0x4000L, 2L << 62));
        assertThrows(IllegalArgumentException.class, () -> new TransactionId(0x7000L, 0));
        assertThrows(IllegalArgumentException.class, () -> TransactionId.of(new byte[15]));
    }

    @Property // I3
    void transactionIdsOrderAsUnsignedBytesAndAsTheirText(
            @ForAll long highA, @ForAll long lowA, @ForAll long highB, @ForAll long lowB, @ForAll boolean close) {
        TransactionId a = id(highA, lowA);
        TransactionId b = close ? id(highA, lowB) : id(highB, lowB);
        int order = Integer.signum(a.compareTo(b));
        assertEquals(Integer.signum(Arrays.compareUnsigned(a.bytes(), b.bytes())), order);
        assertEquals(Integer.signum(a.toString().compareTo(b.toString())), order);
        assertEquals(a, TransactionId.of(a.bytes()));
        assertEquals(a, TransactionId.of(a.toString()));
        assertEquals(highA >>> 16, a.millis());
    }

    @Test // I3: order is of bytes, so the version counts before the tail
    void ofOneMillisecondOrdinaryTransactionsStandBeforeMerges() {
        assertTrue(TransactionId.of("0193a5f0-1234-7fff-bfff-ffffffffffff")
                        .compareTo(TransactionId.of("0193a5f0-1234-8000-8000-000000000000"))
                < 0);
        assertTrue(TransactionId.of("ffffffff-ffff-7000-8000-000000000000").compareTo(TransactionId.of(ORDINARY)) > 0);
    }

    @Test
    void anEventIdIsItsTransactionAndOrdinal() {
        EventId id = EventId.of(ORDINARY + "/4095");
        assertEquals(4095, id.ordinal());
        assertEquals(TransactionId.of(ORDINARY), id.transaction());
        assertEquals(ORDINARY + "/4095", id.toString());
        for (String wrong : List.of(
                ORDINARY,
                ORDINARY + "/",
                ORDINARY + "/4096",
                ORDINARY + "/01",
                ORDINARY + "/-1",
                ORDINARY + "/1 ",
                ORDINARY + "/99999",
                ORDINARY + "/1/2",
                "/1",
                ORDINARY + "x/1")) {
            assertThrows(IllegalArgumentException.class, () -> EventId.of(wrong), wrong);
        }
        assertThrows(IllegalArgumentException.class, () -> new EventId(TransactionId.of(ORDINARY), -1));
    }

    @Test
    void eventsOrderByTransactionThenByNumber() {
        EventId nine = EventId.of(ORDINARY + "/9");
        EventId ten = EventId.of(ORDINARY + "/10");
        EventId other = EventId.of(MERGE + "/0");
        assertTrue(nine.compareTo(ten) < 0);
        assertTrue(ten.compareTo(other) < 0);
    }

    @Test
    void aReplicaIdIsAnyUuidInLowerCaseAndMarksFilesByItsEnd() {
        assertEquals(
                "456789ab", ReplicaId.of("00000000-0000-0000-0000-0123456789ab").shortForm());
        assertFalse(ReplicaId.isValid("00000000-0000-0000-0000-0123456789AB"));
        assertThrows(IllegalArgumentException.class, () -> ReplicaId.of("0-0-0-0-1"));
    }

    private static TransactionId id(long high, long low) {
        return new TransactionId((high & ~0xF000L) | 0x7000L, (low >>> 2) | (2L << 62));
    }
}
