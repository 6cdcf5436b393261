package dev.evstore.core.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.StreamId;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AppendDecisionTest {

    private static final StreamId A = StreamId.of("a");

    private final ManualClock clock = new ManualClock();
    private final InMemoryEventStore store = new InMemoryEventStore(clock, new Random(1));

    private Transaction append(NewEvent... events) {
        store.append(Append.to(A, ExpectedVersion.any(), events));
        List<Transaction> all = store.transactions();
        return all.get(all.size() - 1);
    }

    @Test
    void eventsMarkedRedactableAreSaltedEachWithItsOwn() {
        NewEvent secret = NewEvent.of("Secret", "1").markedRedactable();
        Transaction written = append(secret, NewEvent.of("Open", "1"), secret);

        assertNotEquals(salt(written, 0), salt(written, 2));
        assertEquals("", salt(written, 1));
        assertNotEquals(salt(written, 0), salt(append(secret), 0));
    }

    private static String salt(Transaction transaction, int ordinal) {
        String line = new String(transaction.line(ordinal), StandardCharsets.UTF_8);
        Matcher salt = Pattern.compile("\"salt\":\"([A-Za-z0-9_-]{22})\"").matcher(line);
        return salt.find() ? salt.group(1) : "";
    }

    @Test
    void theWallClockIsWrittenEvenBeyondTheYearsItHasDigitsFor() {
        assertEquals("2026-11-20T06:00:00.123Z", at(append(NewEvent.of("T", "1"))));
        clock.set(Instant.parse("+10500-01-01T00:00:00Z"));
        assertEquals("9999-12-31T23:59:59.999Z", at(append(NewEvent.of("T", "1"))));
    }

    private static String at(Transaction transaction) {
        return Objects.requireNonNull(transaction.header().origin()).at();
    }

    @Test
    void ofManyHeadsTheNewest64AreParents() { // T56
        for (int i = 0; i < 70; i++) {
            store.ingest(List.of(Foreign.at(i).free("b").event("b", "T").build()));
        }
        Transaction written = append(NewEvent.of("T", "1"));
        assertEquals(64, written.header().parents().size());
        assertTrue(written.header().parents().firstKey().millis() == ManualClock.START.toEpochMilli() + 6);
    }
}
