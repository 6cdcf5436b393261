package dev.evstore.fs.subscription;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.subscription.Books;
import dev.evstore.core.subscription.Told;
import dev.evstore.fs.index.Sql;
import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered of subscriptions, and who has the seat. */
class FileBooksTest {

    private static final FeedCursor HERE = new FeedCursor("00000000000000aa", 7, 1, 42);
    private static final Told ONE = told(1, "v");
    private static final Told OTHER_ORDINAL = told(2, "v");
    private static final Told OTHER_VARIANT = told(1, "w");

    @TempDir
    Path directory;

    private final ExecutorService other = Executors.newSingleThreadExecutor();

    private StoreLayout layout = StoreLayout.of(Path.of(""));

    private static Told told(int ordinal, String variant) {
        TransactionId id = new TransactionId(0x0193_0000_0000_7000L, Long.MIN_VALUE);
        return new Told(
                new EventId(id, ordinal), Sha256.hash(variant.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    }

    @BeforeEach
    void makeLocalDirectory() throws IOException {
        layout = StoreLayout.of(directory);
        Files.createDirectories(layout.local());
    }

    @AfterEach
    void endOtherThread() {
        other.shutdownNow();
    }

    private FileBooks books() {
        return new FileBooks(layout, Runnable::run);
    }

    private <T> T elsewhere(Callable<T> what) throws Exception {
        return other.submit(what).get();
    }

    private static Books.Seat take(Books books) {
        return Objects.requireNonNull(books.take("mailer"), "the seat is free");
    }

    @Test
    void whatIsSavedIsThereWhenTheBooksAreOpenedAgain() {
        try (FileBooks books = books()) {
            books.enter("mailer", () -> HERE);
            books.enter("mailer", FeedCursor::beginning);
            assertEquals(HERE, books.position("mailer"), "a known name keeps its place");
            books.enter("other", FeedCursor::beginning);
            try (Books.Seat seat = take(books)) {
                assertFalse(seat.remembers(ONE));
                seat.save(FeedCursor.beginning(), List.of(ONE, OTHER_ORDINAL), List.of());
            }
        }
        try (FileBooks books = books()) {
            assertEquals(FeedCursor.beginning(), books.position("mailer"));
            try (Books.Seat seat = take(books)) {
                assertTrue(seat.remembers(ONE));
                assertTrue(seat.remembers(OTHER_ORDINAL));
                assertFalse(seat.remembers(OTHER_VARIANT));
                seat.save(HERE, List.of(ONE), List.of(OTHER_ORDINAL));
                assertTrue(seat.remembers(ONE), "twice is once");
                assertFalse(seat.remembers(OTHER_ORDINAL));
            }
            try (Books.Seat seat = Objects.requireNonNull(books.take("other"))) {
                assertFalse(seat.remembers(ONE), "each name remembers its own");
            }
        }
    }

    @Test
    void aSeatIsTakenOnceOverAllThreadsAndBooks() throws Exception {
        try (FileBooks books = books();
                FileBooks more = books()) {
            books.enter("mailer", FeedCursor::beginning);
            books.enter("other", FeedCursor::beginning);
            Books.Seat seat = take(books);
            assertNull(elsewhere(() -> books.take("mailer")));
            assertNull(elsewhere(() -> more.take("mailer")));
            assertNotNull(elsewhere(() -> books.take("other")));
            seat.close();
            assertNotNull(elsewhere(() -> more.take("mailer")));
        }
    }

    @Test
    void whoLostTheSeatSavesNothing() {
        try (FileBooks books = books()) {
            books.enter("mailer", FeedCursor::beginning);
            try (Books.Seat seat = take(books)) {
                // As another process does that takes the seat, whatever became of the lock.
                try (Sql sql = Sql.open(layout.subscriptions())) {
                    sql.update("UPDATE subscription SET fence = fence + 1");
                }
                assertThrows(
                        Books.SeatLostException.class, () -> seat.save(HERE, List.of(ONE), List.of(OTHER_VARIANT)));
                assertFalse(seat.remembers(ONE));
            }
            assertEquals(FeedCursor.beginning(), books.position("mailer"));
            try (Books.Seat seat = take(books)) {
                assertFalse(seat.remembers(ONE));
                seat.save(HERE, List.of(), List.of());
            }
            assertEquals(HERE, books.position("mailer"));
        }
    }

    @Test
    void booksOfAnotherVersionAreLeftAlone() {
        try (FileBooks books = books()) {
            books.enter("mailer", () -> HERE);
        }
        try (Sql sql = Sql.open(layout.subscriptions())) {
            sql.execute("PRAGMA user_version = 99");
        }
        try (FileBooks books = books()) {
            assertThrows(StoreUnusableException.class, () -> books.enter("mailer", FeedCursor::beginning));
        }
        try (Sql sql = Sql.open(layout.subscriptions())) {
            assertEquals(99, sql.number(0, "PRAGMA user_version"));
            assertTrue(sql.exists("SELECT 1 FROM subscription WHERE name = 'mailer'"));
        }
    }
}
