package dev.evstore.core.format;

import static dev.evstore.core.format.EventFiles.ID;
import static dev.evstore.core.format.EventFiles.LATER;
import static dev.evstore.core.format.EventFiles.event;
import static dev.evstore.core.format.EventFiles.header;
import static dev.evstore.core.format.EventFiles.sealed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.id.TransactionId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files made to cost much: no line is looked into twice, and no more is held than a transaction may have (V2, V4). */
class HostileFileTest {

    private static EventFiles.Told readBounded(byte[] file) {
        EventFiles.Told told = EventFiles.read(file);
        assertTrue(told.work() <= file.length, told.work() + " of " + file.length + " bytes");
        return told;
    }

    @Test
    void headersThatClaimManyEvents() {
        String claim = header(ID, "", "\"a\":{\"heads\":[]}", 4096) + "\n";
        byte[] file = EventFiles.utf8(claim.repeat((8 << 20) / claim.length()));

        EventFiles.Told told = readBounded(file);

        assertEquals(file.length / claim.length(), told.flaws().size());
    }

    @Test
    void headersEachWithNearlyAllTheEventsTheyClaim() {
        String claim = header(ID, "", "\"a\":{\"heads\":[]}", 4096) + "\n" + (event("1") + "\n").repeat(4095);
        EventFiles.Told told =
                readBounded(EventFiles.join(EventFiles.utf8(claim.repeat(40)), sealed(header(LATER), event("1"))));

        assertEquals(40, told.flaws().size());
        assertEquals(List.of(TransactionId.of(LATER)), told.ids());
    }

    @Test
    void aLineWithoutEndIsPassedWithoutHoldingIt() throws IOException {
        for (String beginning : List.of("x", "{\"v\":1", header(ID) + "\n" + "{\"stream\":\"")) {
            byte[] tail = EventFiles.join(EventFiles.utf8("\n"), sealed(header(LATER), event("1")));
            // More than an array can hold; where a limit on lines ends it, more than the limit does.
            InputStream endless =
                    new Endless(EventFiles.utf8(beginning), beginning.equals("x") ? 1L << 31 : 64L << 20, tail);
            List<TransactionId> ids = new ArrayList<>();
            List<String> flaws = new ArrayList<>();
            EventFileReader.read(endless, new EventFileReader.Sink() {
                @Override
                public void transaction(Transaction transaction, long offset) {
                    ids.add(transaction.header().id());
                }

                @Override
                public void flaw(String what, long line) {
                    flaws.add(what);
                }
            });

            assertEquals(List.of(TransactionId.of(LATER)), ids);
            assertEquals(1, flaws.size(), flaws::toString);
        }
    }

    /** Some bytes, then very many of one, then some. */
    private static final class Endless extends InputStream {

        private final ByteArrayInputStream head;
        private long middle;
        private final ByteArrayInputStream tail;

        Endless(byte[] head, long middle, byte[] tail) {
            this.head = new ByteArrayInputStream(head);
            this.middle = middle;
            this.tail = new ByteArrayInputStream(tail);
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("read by the array");
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            int read = head.read(into, offset, length);
            if (read > 0) {
                return read;
            }
            if (middle == 0) {
                return tail.read(into, offset, length);
            }
            int now = (int) Math.min(length, middle);
            Arrays.fill(into, offset, offset + now, (byte) 'x');
            middle -= now;
            return now;
        }
    }
}
