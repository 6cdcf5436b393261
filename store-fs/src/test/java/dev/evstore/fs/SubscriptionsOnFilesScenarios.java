package dev.evstore.fs;

import static dev.evstore.testkit.Recorder.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.Subscription;
import dev.evstore.core.SubscriptionOptions;
import dev.evstore.core.SubscriptionState;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.testkit.Recorder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios of the blueprint subscriptions that need files: other processes, git, a lost index. */
class SubscriptionsOnFilesScenarios {

    private static final StoreOptions OPTIONS = StoreOptions.defaults().poll(Duration.ofMillis(10));

    @TempDir
    Path directory;

    private Path root = Path.of("");
    private final Recorder told = new Recorder();

    @BeforeEach
    void inADirectoryOfItsOwn() {
        root = directory.resolve("here");
    }

    private static void append(EventStore store, String stream, String... types) {
        for (String type : types) {
            store.append(StreamId.of(stream), ExpectedVersion.current(), NewEvent.of(type, "{}"));
        }
    }

    private static Subscription subscribe(EventStore store, Recorder handler) {
        return store.subscribe("mailer", EventFilter.all(), SubscriptionOptions.fromBeginning(), handler);
    }

    private static String git(Path at, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("git", "-c", "user.name=T", "-c", "user.email=t@example.org", "-C", at.toString()));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, git.waitFor(), () -> String.join(" ", command) + "\n" + said);
        return said;
    }

    private static void commit(Path at) throws Exception {
        git(at, "add", "-A");
        git(at, "commit", "-q", "-m", "events");
    }

    @Test
    void anotherStoreObjectAppends() throws Exception {
        try (FileEventStore here = FileEventStore.create(root, OPTIONS);
                FileEventStore there = FileEventStore.open(root, OPTIONS)) {
            Subscription subscription = subscribe(here, told);
            told.expect("live");
            append(there, "a", "E1", "E2");
            told.expect("+E1", "+E2");
            append(here, "a", "E3");
            told.expectOnly(subscription, "+E3");
        }
    }

    @Test
    void theStoreOfTheActiveOneIsClosed() throws Exception {
        Recorder next = new Recorder();
        FileEventStore here = FileEventStore.create(root, OPTIONS);
        try (FileEventStore there = FileEventStore.open(root, OPTIONS)) {
            try (here) {
                subscribe(here, told);
                told.expect("live");
                Subscription standby = subscribe(there, next);
                append(there, "a", "E1");
                told.expect("+E1");
                assertTrue(standby.awaitCaughtUp(LONG));
                assertInstanceOf(SubscriptionState.Standby.class, standby.state());
            }
            next.expect("live");
            append(there, "a", "E2");
            next.expect("+E2");
        }
    }

    @Test
    void theActiveProcessIsKilled() throws Exception { // T37
        try (FileEventStore here = FileEventStore.create(root, OPTIONS);
                SubscriberProcess other = SubscriberProcess.start(root, "mailer")) {
            assertEquals("live", other.line());
            Subscription standby = subscribe(here, told);
            append(here, "a", "E1", "E2");
            assertEquals("+E1", other.line());
            assertEquals("+E2", other.line());
            assertTrue(standby.awaitCaughtUp(LONG), "what the other process saved");
            assertInstanceOf(SubscriptionState.Standby.class, standby.state());
            FeedCursor saved = standby.position();

            append(here, "a", "Hold", "E3");
            assertEquals("+Hold", other.line());
            assertEquals(saved, standby.position(), "it is still being told");
            other.kill();
            told.expectOnly(standby, "+Hold", "+E3", "live");
        }
    }

    @Test
    void theLockOfTheActiveProcessIsTakenAway() throws Exception {
        try (FileEventStore here = FileEventStore.create(root, OPTIONS);
                SubscriberProcess other = SubscriberProcess.start(root, "mailer")) {
            assertEquals("live", other.line());
            try (Stream<Path> local = Files.list(Local.of(root))) {
                Files.delete(local.filter(file -> file.getFileName().toString().matches("subscription-.*\\.lock"))
                        .findAny()
                        .orElseThrow());
            }
            Subscription usurper = subscribe(here, told);
            told.expect("live");
            append(here, "a", "E1");
            assertEquals("+E1", other.line(), "at least once");
            told.expectOnly(usurper, "+E1");
            FeedCursor saved = usurper.position();

            usurper.pause();
            append(here, "a", "E2");
            // The other one has lost its seat at E1: its position was refused, and it is told no more.
            FeedCursor end = here.feedEnd();
            usurper.restart(end);
            assertEquals(end, usurper.position());
            assertTrue(saved.arrivals() < end.arrivals());
            usurper.close();
            assertEquals("live", other.line(), "it took its turn again, behind E2");
        }
    }

    @Test
    void aGitMergeArrives() throws Exception { // T27
        Path there = directory.resolve("there");
        try (FileEventStore here = FileEventStore.create(root, OPTIONS)) {
            append(here, "a", "One");
            git(root, "init", "-q", "-b", "main");
            commit(root);
            git(directory, "clone", "-q", root.toString(), there.toString());
            try (FileEventStore other = FileEventStore.open(there, OPTIONS)) {
                append(other, "b", "Theirs");
                commit(there);
            }
            append(here, "a", "Mine");
            commit(root);
            Subscription subscription = subscribe(here, told);
            told.expect("+One", "+Mine", "live");
            git(root, "fetch", "-q", there.toString(), "main");
            git(root, "merge", "-q", "--no-edit", "FETCH_HEAD");
            told.expect("+Theirs");
            told.expectOnly(subscription);
        }
    }

    @Test
    void aRebaseMakesNoSideEffectRunTwice() throws Exception { // T57, T70
        try (FileEventStore here = FileEventStore.create(root, OPTIONS)) {
            git(root, "init", "-q", "-b", "main");
            append(here, "a", "One");
            commit(root);
            append(here, "a", "Two");
            commit(root);
            Subscription subscription = subscribe(here, told);
            told.expect("+One", "+Two", "live");

            git(root, "checkout", "-q", "-b", "side", "HEAD~1");
            told.expect("-Two");
            append(here, "b", "Side");
            told.expect("+Side");
            commit(root);
            git(root, "checkout", "-q", "main");
            told.expect("-Side", "~Two");
            git(root, "rebase", "-q", "side");
            assertTrue(subscription.awaitCaughtUp(LONG));
            assertEquals(3, told.events().size());
            append(here, "a", "Three");
            assertTrue(subscription.awaitCaughtUp(LONG));
            assertEquals(4, told.events().size());
            assertEquals(3, here.read(StreamId.of("a")).events().size());
        }
    }

    @Test
    void theIndexIsBuiltAnew() throws Exception { // T17, P5, P7
        Path away = directory.resolve("away");
        try (FileEventStore here = FileEventStore.create(root, OPTIONS)) {
            append(here, "a", "One", "Two");
            Subscription subscription = subscribe(here, told);
            told.expect("+One", "+Two", "live");
            Path last = eventFiles().get(1);
            Files.move(last, away);
            told.expectOnly(subscription, "-Two");
            try (Stream<Path> local = Files.list(Local.of(root))) {
                assertEquals(
                        1, local.filter(f -> f.endsWith("subscriptions.db")).count());
            }
        }
        Files.delete(Local.of(root).resolve("current"));
        Recorder next = new Recorder();
        try (FileEventStore here = FileEventStore.open(root, OPTIONS)) {
            Subscription subscription = subscribe(here, next);
            next.expectFailure(subscription, SubscriptionState.Reason.STALE_POSITION);
            subscription.restart(here.feedEnd());
            next.expectOnly(subscription, "live");
            append(here, "b", "Three");
            next.expectOnly(subscription, "+Three");
            Files.move(away, eventFiles().get(0).resolveSibling("back.jsonl"));
            next.expect("~Two");
            next.expectOnly(subscription);
        }
    }

    @Test
    void thePositionsAreDamaged() throws Exception {
        try (FileEventStore here = FileEventStore.create(root, OPTIONS)) {
            append(here, "a", "One");
            told.expectOnly(subscribe(here, told), "+One", "live");
        }
        Path books = Local.of(root).resolve("subscriptions.db");
        Files.write(books, "no database, whatever it was before ...".repeat(100).getBytes(StandardCharsets.UTF_8));
        try (FileEventStore here = FileEventStore.open(root, OPTIONS)) {
            StoreUnusableException refused = assertThrows(StoreUnusableException.class, () -> subscribe(here, told));
            assertTrue(refused.where().contains(books.toString()), refused::toString);
            assertEquals(1, told.events().size());
            append(here, "a", "Two");
            assertTrue(here.status().isClean());
        }
    }

    @Test
    void theStoreCannotBeReadForAWhile() throws Exception {
        try (FileEventStore here = FileEventStore.create(root, OPTIONS)) {
            Path current = Local.of(root).resolve("current");
            Path aside = Local.of(root).resolve("tmp").resolve("aside");
            append(here, "a", "One");
            Subscription subscription = subscribe(here, told);
            told.expectOnly(subscription, "+One", "live");
            Files.move(current, aside);
            SubscriptionState.Failed failed = told.expectFailure(subscription, SubscriptionState.Reason.STORE);
            assertInstanceOf(StoreUnusableException.class, failed.trouble());
            Files.move(aside, current);
            append(here, "a", "Two");
            subscription.resume();
            told.expectOnly(subscription, "+Two", "live");
        }
    }

    @Test
    void aHandlerClosesTheStore() throws Exception {
        FileEventStore here = FileEventStore.create(root, OPTIONS);
        told.doing("+Last", here::close);
        Subscription subscription = subscribe(here, told);
        told.expect("live");
        append(here, "a", "First");
        told.expect("+First");
        append(here, "a", "Last");
        told.expect("+Last");
        subscription.close();
        assertInstanceOf(SubscriptionState.Closed.class, subscription.state());
        assertThrows(IllegalStateException.class, () -> subscribe(here, told));
        Recorder next = new Recorder();
        try (FileEventStore again = FileEventStore.open(root, OPTIONS)) {
            next.expectOnly(subscribe(again, next), "+Last", "live");
        }
    }

    @Test
    void aStoreOpenedReadOnlyIsListenedToAndNotSubscribedTo() throws Exception {
        try (FileEventStore here = FileEventStore.create(root, OPTIONS);
                FileEventStore reader = FileEventStore.openReadOnly(root, OPTIONS)) {
            assertThrows(StoreUnusableException.class, () -> subscribe(reader, told));
            reader.onChange(() -> {}).close();
            assertFalse(Files.exists(Local.of(root).resolve("subscriptions.db")));
            append(here, "a", "One");
            told.expectOnly(subscribe(here, told), "+One", "live");
        }
    }

    private List<Path> eventFiles() throws IOException {
        try (Stream<Path> all = Files.walk(root.resolve("events"))) {
            return all.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
    }
}
