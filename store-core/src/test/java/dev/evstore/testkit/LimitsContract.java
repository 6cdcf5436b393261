package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamState;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** Every limit of rule V4 at its edge: what just fits is kept, what is one too much is refused and leaves nothing. */
public abstract class LimitsContract extends StoreContract {

    private static final int MIB = 1 << 20;

    private void assertFits(Append append) {
        long before = store().status().transactions();
        store().append(append);
        assertEquals(before + 1, store().status().transactions());
    }

    private void assertRefused(Append append) {
        long before = store().status().transactions();
        assertThrows(IllegalArgumentException.class, () -> store().append(append));
        assertEquals(before, store().status().transactions());
    }

    private Append one(NewEvent event) {
        return Append.to(stream("a"), ExpectedVersion.any(), event);
    }

    /** A JSON string of this many bytes, quotes included. */
    private static String text(int bytes) {
        return "\"" + "x".repeat(bytes - 2) + "\"";
    }

    /** An object of this many bytes. */
    private static String object(int bytes) {
        return "{\"k\":" + text(bytes - 6) + "}";
    }

    /** An event whose line has this many bytes. */
    private static NewEvent ofLine(int bytes) {
        return NewEvent.of("T", text(bytes - "{\"stream\":\"a\",\"type\":\"T\",\"data\":}".length()));
    }

    @Test
    void anEventLineHasAMebibyte() {
        assertFits(one(ofLine(MIB)));
        assertRefused(one(ofLine(MIB + 1)));
    }

    @Test
    void metadataHas64KibibytesOnEventsAndTransactions() {
        assertFits(one(event("T").meta(object(64 * 1024))));
        assertRefused(one(event("T").meta(object(64 * 1024 + 1))));
        assertFits(one(event("T")).meta(object(64 * 1024)));
        assertRefused(one(event("T")).meta(object(64 * 1024 + 1)));
    }

    @Test
    void metadataIsAnObject() { // V1
        assertRefused(one(event("T").meta("[]")));
        assertRefused(one(event("T")).meta("1"));
    }

    @Test
    void anEventHas64TagsOf255Bytes() {
        String tag = "é".repeat(127) + "x";
        assertFits(one(event("T").tags(Collections.nCopies(64, tag).toArray(String[]::new))));
        assertRefused(one(event("T").tags(Collections.nCopies(65, "t").toArray(String[]::new))));
        assertRefused(one(event("T").tags(tag + "x")));
    }

    @Test
    void namesHave255Bytes() {
        String name = "é".repeat(127) + "x";
        assertFits(Append.to(stream(name), ExpectedVersion.any(), event(name)));
        assertThrows(IllegalArgumentException.class, () -> event(name + "x"));
        assertThrows(IllegalArgumentException.class, () -> stream(name + "x"));
    }

    @Test
    void aTransactionHas4096Events() {
        NewEvent[] most = Collections.nCopies(4096, event("T")).toArray(NewEvent[]::new);
        assertFits(Append.to(stream("a"), ExpectedVersion.any(), most));
        assertRefused(Append.to(stream("a"), ExpectedVersion.any(), most)
                .and(stream("b"), ExpectedVersion.any(), event("T")));
    }

    @Test
    void aTransactionHas256Streams() {
        Append append = one(event("T"));
        for (int i = 1; i < 256; i++) {
            append = append.and(stream("s" + i), ExpectedVersion.any(), event("T"));
        }
        assertFits(append);
        assertRefused(append.and(stream("s256"), ExpectedVersion.any(), event("T")));
    }

    @Test
    void aTransactionReads256Streams() {
        Append append = one(event("T"));
        for (int i = 0; i < 256; i++) {
            append = append.reading(stream("s" + i), StreamState.NONE);
        }
        assertFits(append);
        assertRefused(append.reading(stream("s256"), StreamState.NONE));
    }

    @Test
    void aTransactionHas16Mebibytes() {
        NewEvent[] fifteen = Collections.nCopies(15, ofLine(MIB)).toArray(NewEvent[]::new);
        Append append = Append.to(stream("a"), ExpectedVersion.any(), fifteen);
        assertFits(append.and(stream("a"), ExpectedVersion.any(), ofLine(MIB - 1000)));
        assertRefused(append.and(stream("a"), ExpectedVersion.any(), ofLine(MIB)));
    }

    @Test
    void aCommandHas200CodePoints() {
        assertFits(one(event("T")).command("😀".repeat(200)));
        assertRefused(one(event("T")).command("x".repeat(201)));
        assertRefused(one(event("T")).command(""));
    }

    @Test
    void dataNests63DeepWithinItsLine() {
        assertFits(one(NewEvent.of("T", "[".repeat(63) + "]".repeat(63))));
        assertRefused(one(NewEvent.of("T", "[".repeat(64) + "]".repeat(64))));
    }

    @Test
    void aNumberHas64CharactersAndAnExponentOf400() {
        assertFits(one(NewEvent.of("T", "1".repeat(64))));
        assertRefused(one(NewEvent.of("T", "1".repeat(65))));
        assertFits(one(NewEvent.of("T", "1e-400")));
        assertRefused(one(NewEvent.of("T", "1e401")));
    }

    @Test
    void dataThatIsNoJsonIsRefused() { // V1, T61
        for (String data :
                new String[] {"", "{", "{}{}", "{'a':1}", "NaN", "01", "{\"a\":1,\"\\u0061\":2}", "\"\\ud800\""}) {
            assertRefused(one(NewEvent.of("T", data)));
        }
        assertRefused(one(NewEvent.of("T", "\"\ud800\"")));
    }
}
