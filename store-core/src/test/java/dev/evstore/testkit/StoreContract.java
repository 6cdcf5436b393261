package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.AppendResult;
import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.Finding;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every chapter of the contract has at hand: a fresh store, its clock, and short ways to say things. */
public abstract class StoreContract {

    protected final ManualClock clock = new ManualClock();
    private final Set<Finding.Code> expectedFindings = EnumSet.noneOf(Finding.Code.class);

    @SuppressWarnings("NullAway.Init") // opened before each test
    private Subject subject;

    /** A store that is empty and new, and that asks nobody else for time and chance. */
    protected abstract Subject open(Clock wall, Random random) throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        subject = open(clock, new Random(7));
    }

    /** A finding that nobody expected fails the test, and so does one that was expected and is missing. */
    @AfterEach
    void closeStore() {
        try (Subject closing = subject) {
            assertEquals(
                    expectedFindings,
                    closing.store().status().findings().stream()
                            .map(Finding::code)
                            .collect(Collectors.toSet()),
                    () -> "findings: " + store().status().findings());
        }
    }

    protected final EventStore store() {
        return subject.store();
    }

    protected final void expectFinding(Finding.Code code) {
        expectedFindings.add(code);
    }

    protected final void arrive(Transaction... foreign) {
        subject.arrive(List.of(foreign));
    }

    protected final void retract(TransactionId... ids) {
        subject.retract(List.of(ids));
    }

    protected static StreamId stream(String name) {
        return StreamId.of(name);
    }

    protected static NewEvent event(String type) {
        return NewEvent.of(type, "{}");
    }

    /** The version an append left a stream at. */
    protected static long version(AppendResult result, String stream) {
        return Objects.requireNonNull(result.streams().get(stream(stream)))
                .version()
                .value();
    }

    /** The types of a stream's events, in canonical order. */
    protected final List<String> types(String stream) {
        return store().read(stream(stream)).events().stream()
                .map(e -> e.type().value())
                .toList();
    }

    protected final List<TransactionId> heads(String stream) {
        return store().streams(stream).stream()
                .filter(info -> info.id().value().equals(stream))
                .flatMap(info -> info.heads().stream())
                .toList();
    }

    protected final FeedPage page(FeedCursor after, int limit) {
        return store().readFeed(after, EventFilter.all(), limit);
    }

    /** All entries from a cursor on, read in pages of two. */
    protected final List<FeedEntry> entries(FeedCursor after) {
        List<FeedEntry> all = new ArrayList<>();
        FeedPage page = page(after, 2);
        all.addAll(page.entries());
        while (!page.atEnd()) {
            page = page(page.next(), 2);
            all.addAll(page.entries());
        }
        return all;
    }

    /** Where a consumer stands that has seen everything. */
    protected final FeedCursor end() {
        FeedPage page = page(FeedCursor.beginning(), EventStore.MAX_PAGE);
        while (!page.atEnd()) {
            page = page(page.next(), EventStore.MAX_PAGE);
        }
        return page.next();
    }

    /** An entry in a word: {@code +Type} for an arrival, {@code -Type,Type} for a retraction; ! is late, ~ again. */
    protected static String inAWord(FeedEntry entry) {
        if (entry instanceof FeedEntry.Arrival arrival) {
            return "+" + arrival.event().type() + (arrival.late() ? "!" : "") + (arrival.again() ? "~" : "");
        }
        return "-"
                + ((FeedEntry.Retraction) entry)
                        .events().stream().map(e -> e.type().value()).collect(Collectors.joining(","));
    }

    protected static List<String> inWords(List<FeedEntry> entries) {
        return entries.stream().map(StoreContract::inAWord).toList();
    }
}
