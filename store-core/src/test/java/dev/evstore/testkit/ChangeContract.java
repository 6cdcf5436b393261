package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.format.Transaction;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who listens for changes hears of them. */
public abstract class ChangeContract extends StoreContract {

    private static final int SECONDS = 60;

    private final BlockingQueue<Integer> seen = new LinkedBlockingQueue<>();

    private int events() {
        return store().read(stream("a")).events().size();
    }

    private void expect(int events) throws InterruptedException {
        assertEquals(events, seen.poll(SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void aListenerIsCalledAfterAppendsArrivalsAndRetractionsAndSeesThem() throws Exception {
        store().onChange(() -> seen.add(events()));
        store().append(stream("a"), ExpectedVersion.any(), event("E"));
        expect(1);
        Transaction foreign = Foreign.at(-5).free("a").event("a", "F").build();
        arrive(foreign);
        expect(2);
        retract(foreign.header().id());
        expect(1);
    }

    @Test
    void aListenerMayAppend() throws Exception {
        store().onChange(() -> {
            if (events() == 1) {
                store().append(stream("a"), ExpectedVersion.any(), event("F"));
            }
            seen.add(events());
        });
        store().append(stream("a"), ExpectedVersion.any(), event("E"));
        expect(2);
        expect(2);
    }

    @Test
    void whatChangesNothingIsNotTold() throws Exception {
        Append append =
                Append.to(stream("a"), ExpectedVersion.any(), event("E")).command("once");
        store().append(append);
        store().onChange(() -> seen.add(events()));
        store().append(append);
        store().refresh();
        store().read(stream("a"));
        store().append(stream("a"), ExpectedVersion.any(), event("E"));
        expect(2);
        assertTrue(seen.isEmpty());
    }

    @Test
    void aListenerThatThrowsOrIsGoneDisturbsNobody() throws Exception {
        store().onChange(() -> {
            throw new IllegalStateException("a listener's own trouble");
        });
        EventStore.Watch gone = store().onChange(() -> seen.add(-1));
        store().onChange(() -> seen.add(events()));
        gone.close();
        for (int i = 1; i <= 3; i++) {
            store().append(stream("a"), ExpectedVersion.any(), event("E"));
            expect(i);
        }
    }
}
