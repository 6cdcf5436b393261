package dev.evstore.core.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DigestTest {

    private static final TransactionId ID = TransactionId.of("01930000-0000-7000-8000-0000000000ff");
    private static final Sha256 TRAILER = Sha256.of("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

    @Test // computed with another program
    void aTransactionsPartIsTheHashOfIdTrailerAndRedactedOrdinals() {
        Digest plain = Digest.of(ID, TRAILER, List.of());
        Digest redacted = Digest.of(ID, TRAILER, List.of(4095, 2, 256));
        assertEquals("fb8bdc22a7c6c7feae9495d5b0e4b00e2f4aeb399d0638a00299c1f38e31dec8", plain.toString());
        assertEquals("6e4c9c77f81f8217f26f1b98afd44109402053a880d5337271dcbfeee8b73a19", redacted.toString());
        assertEquals(
                "69d8789a9fe64a16a103b16e60b8f1176f6b3ee21ddb6c12747681e276e918e1",
                plain.plus(redacted).toString());
        assertNotEquals(plain, Digest.of(ID, TRAILER, List.of(0)));
    }

    @Test
    void nothingIsAllZeros() {
        assertEquals("0".repeat(64), Digest.EMPTY.toString());
        assertEquals(Digest.EMPTY, Digest.of("0".repeat(64)));
    }

    @Test
    void sumsWrapAtTwoToThe256() {
        Digest greatest = Digest.of("f".repeat(64));
        Digest one = Digest.of("0".repeat(63) + "1");
        assertEquals(Digest.EMPTY, greatest.plus(one));
        assertEquals(greatest, Digest.EMPTY.minus(one));
        assertThrows(IllegalArgumentException.class, () -> new Digest(BigInteger.ONE.shiftLeft(256)));
        assertThrows(IllegalArgumentException.class, () -> new Digest(BigInteger.ONE.negate()));
    }

    @Property
    void textAndBytesGiveTheDigestBackLeadingZerosToo(@ForAll @Size(32) byte[] bytes, @ForAll boolean small) {
        byte[] from = small ? new byte[] {bytes[0]} : bytes;
        Digest digest = Digest.of(from);
        assertEquals(32, digest.bytes().length);
        assertEquals(digest, Digest.of(digest.bytes()));
        assertEquals(digest, Digest.of(digest.toString()));
        assertEquals(64, digest.toString().length());
    }

    @Property
    void theOrderOfAddingDoesNotMatterAndTakingAwayUndoes(
            @ForAll @Size(32) byte[] a, @ForAll @Size(32) byte[] b, @ForAll @Size(32) byte[] c) {
        Digest one = Digest.of(a);
        Digest two = Digest.of(b);
        Digest three = Digest.of(c);
        assertEquals(one.plus(two).plus(three), three.plus(one).plus(two));
        assertEquals(one, one.plus(two).minus(two));
    }

    @Test // I5
    void hashesOrderAsUnsignedBytes() {
        Sha256 low = Sha256.of("7f" + "0".repeat(62));
        Sha256 high = Sha256.of("80" + "0".repeat(62));
        assertTrue(low.compareTo(high) < 0);
        assertEquals("7f" + "0".repeat(30), low.half());
    }
}
