package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.AppendResult;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.WrongExpectedVersionException;
import dev.evstore.core.event.StoredEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Many threads at once (rules A1, A4, P1). */
public abstract class ConcurrencyContract extends StoreContract {

    private static final int THREADS = 6;
    private static final int EACH = 20;

    private <T> List<T> atOnce(Callable<List<T>> work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        CyclicBarrier start = new CyclicBarrier(THREADS);
        try {
            List<Future<List<T>>> futures = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                futures.add(pool.submit(() -> {
                    start.await();
                    return work.call();
                }));
            }
            List<T> all = new ArrayList<>();
            for (Future<List<T>> future : futures) {
                all.addAll(future.get());
            }
            return all;
        } finally {
            pool.shutdownNow();
        }
    }

    private List<AppendResult> appendMany(ExpectedVersion expected) {
        List<AppendResult> results = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
            results.add(store().append(stream("a"), expected, event("T")));
        }
        return results;
    }

    private void assertAllLanded(List<AppendResult> results) {
        int all = THREADS * EACH;
        assertEquals(
                LongStream.rangeClosed(1, all).boxed().toList(),
                results.stream().map(r -> version(r, "a")).sorted().toList());
        List<StoredEvent> events = store().read(stream("a")).events();
        assertEquals(
                results.stream().map(AppendResult::transaction).sorted().toList(),
                events.stream().map(e -> e.id().transaction()).toList());
        assertEquals(List.of(), store().forks());
        assertEquals(all, entries(FeedCursor.beginning()).size());
    }

    @Test
    void T63_threadsThatAppendFreelyAllLandAndForkNothing() throws Exception { // T63
        assertAllLanded(atOnce(() -> appendMany(ExpectedVersion.any())));
        assertEquals(List.of(), heads("a"));
    }

    @Test
    void threadsThatAppendAfterWhatStandsThereAllLandInOneLine() throws Exception {
        assertAllLanded(atOnce(() -> appendMany(ExpectedVersion.current())));
        assertEquals(1, heads("a").size());
    }

    @Test
    void threadsThatReadDecideAndAppendLoseNothing() throws Exception { // A1
        List<Long> versions = atOnce(() -> {
            List<Long> mine = new ArrayList<>();
            while (mine.size() < EACH / 2) {
                try {
                    ExpectedVersion seen =
                            ExpectedVersion.unchanged(store().read(stream("a")).state());
                    mine.add(version(store().append(stream("a"), seen, event("T")), "a"));
                } catch (WrongExpectedVersionException e) {
                    Thread.onSpinWait(); // another thread was faster: read again
                }
            }
            return mine;
        });
        assertEquals(
                LongStream.rangeClosed(1, THREADS * EACH / 2).boxed().toList(),
                versions.stream().sorted().toList());
    }

    @Test
    void aConsumerBesideWritersSeesEveryEventOnce() throws Exception { // P1, P3
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try {
            Future<List<AppendResult>> writing = writer.submit(() -> appendMany(ExpectedVersion.current()));
            List<FeedEntry> seen = new ArrayList<>();
            FeedCursor at = FeedCursor.beginning();
            boolean written = false;
            for (FeedPage page = page(at, 3); !written || !page.atEnd(); page = page(at, 3)) {
                seen.addAll(page.entries());
                at = page.next();
                written = writing.isDone();
            }
            seen.addAll(entries(at));
            assertEquals(EACH, writing.get().size());
            assertEquals(
                    LongStream.rangeClosed(1, EACH).boxed().toList(),
                    seen.stream().map(e -> e.position().arrivals()).toList());
            assertTrue(new HashSet<>(seen).size() == EACH);
        } finally {
            writer.shutdownNow();
        }
    }
}
