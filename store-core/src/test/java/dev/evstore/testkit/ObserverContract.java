package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.RefreshReport;
import dev.evstore.core.StoreObserver;
import dev.evstore.core.WrongExpectedVersionException;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.StreamId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** What an observer is told, and that it can hurt nobody. */
public abstract class ObserverContract extends StoreContract {

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private Runnable also = () -> {};

    private final StoreObserver observer = new StoreObserver() {
        @Override
        public void appended(AppendResult result) {
            StreamId first = result.streams().firstKey();
            tell("appended " + first + " " + result.state(first).version());
        }

        @Override
        public void refreshed(RefreshReport report) {
            tell("refreshed " + report.transactions() + " " + report.events());
        }

        @Override
        public void late(int events) {
            tell("late " + events);
        }

        @Override
        public void retracted(int transactions) {
            tell("retracted " + transactions);
        }
    };

    private void tell(String what) {
        told.add(what);
        also.run();
    }

    /** A fresh store that tells this observer. */
    protected abstract Subject open(Clock wall, Random random, StoreObserver told) throws Exception;

    @Override
    protected final Subject open(Clock wall, Random random) throws Exception {
        return open(wall, random, observer);
    }

    @Test
    void anAppendIsToldOnceAndAFailedOrRepeatedOneIsNot() {
        Append append = Append.to(stream("a"), ExpectedVersion.noStream(), event("T"), event("U"))
                .command("c");
        store().append(append);
        store().append(append);
        assertThrows(
                WrongExpectedVersionException.class,
                () -> store().append(stream("a"), ExpectedVersion.noStream(), event("T")));
        assertEquals(List.of("appended a 2"), told);
    }

    @Test
    void arrivalsLateEventsAndRetractionsAreTold() {
        Transaction first = Foreign.at(1).free("a").event("a", "T").build();
        arrive(Foreign.at(5).onto("a").event("a", "T").event("b", "U").free("b").build());
        arrive(first);
        retract(first.header().id());
        store().refresh(); // finds nothing
        assertEquals(List.of("refreshed 1 2", "refreshed 1 1", "late 1", "refreshed 0 0", "retracted 1"), told);
    }

    @Test
    void anObserverThatThrowsHurtsNobodyAndIsLogged() {
        List<String> logged = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                logged.add(line.getLevel() + " " + line.getMessage() + " " + line.getThrown());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.evstore");
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        also = () -> {
            throw new AssertionError("the observer's own bug");
        };
        try {
            store().append(stream("a"), ExpectedVersion.noStream(), event("T"));
            arrive(Foreign.at(5).free("a").event("a", "T").build());
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
        assertEquals(List.of("T", "T"), types("a"));
        assertEquals(List.of("appended a 1", "refreshed 1 1"), told.subList(0, 2));
        assertEquals(told.size(), logged.size(), logged::toString);
        assertEquals(
                "WARNING A store observer failed in appended; the store goes on."
                        + " java.lang.AssertionError: the observer's own bug",
                logged.get(0));
    }

    @Test
    void anObserverMayUseTheStoreAndSoMayOthersMeanwhile() {
        also = () -> {
            also = () -> {};
            // Were a lock held now, the other thread would wait for it for ever.
            CompletableFuture.runAsync(
                            () -> store().append(stream("b"), ExpectedVersion.noStream(), event("ByAnother")))
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
            store().append(stream("c"), ExpectedVersion.noStream(), event("ByTheObserver"));
        };
        store().append(stream("a"), ExpectedVersion.noStream(), event("T"));
        assertEquals(List.of("appended a 1", "appended b 1", "appended c 1"), told);
    }
}
