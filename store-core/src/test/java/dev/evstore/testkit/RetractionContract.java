package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.Finding;
import dev.evstore.core.StaleCursorException;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.EventType;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.TransactionId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The feed while transactions go and come back (rules P5 to P8, I5). */
public abstract class RetractionContract extends StoreContract {

    private final Transaction one =
            Foreign.at(1).free("a").event("a", event("One").tags("red")).build();
    private final Transaction two = Foreign.at(2)
            .free("a")
            .free("b")
            .event("a", "Two")
            .event("b", "Too")
            .build();
    private final Transaction three =
            Foreign.at(3).free("b").event("b", "Three").build();

    private TransactionId id(Transaction transaction) {
        return transaction.header().id();
    }

    @Test
    void aConsumerHearsOfTheRetractionOfWhatItSaw() { // P6
        arrive(one, two, three);
        FeedCursor seen = end();
        retract(id(two));

        FeedPage page = page(seen, 10);
        assertEquals(List.of("-Two,Too"), inWords(page.entries()));
        FeedEntry.Retraction retraction =
                assertInstanceOf(FeedEntry.Retraction.class, page.entries().get(0));
        assertEquals(id(two), retraction.transaction());
        assertEquals(
                new FeedEntry.RetractedEvent(1, stream("b"), EventType.of("Too"), List.of()),
                retraction.events().get(1));
        assertEquals(List.of(), entries(page.next()), "once");
        assertEquals(List.of(), entries(retraction.position()), "once");
    }

    @Test
    void T49_aConsumerNeverHearsOfTheRetractionOfWhatItNeverSaw() { // T49, P6
        arrive(one, two, three);
        FeedCursor sawOne = page(FeedCursor.beginning(), 1).next();
        retract(id(two));
        assertEquals(List.of("+Three"), inWords(entries(sawOne)));
        assertEquals(List.of("+One", "+Three"), inWords(entries(FeedCursor.beginning())));

        arrive(two);
        retract(id(two));
        assertEquals(List.of("+Three"), inWords(entries(sawOne)), "neither when it came and went unseen");
    }

    @Test
    void retractionsComeFirstAndPageByPage() { // P6
        arrive(one, two);
        FeedCursor seen = end();
        retract(id(one));
        retract(id(two));
        arrive(three);

        FeedPage first = page(seen, 1);
        assertEquals(List.of("-One"), inWords(first.entries()));
        FeedPage second = page(first.next(), 1);
        assertEquals(List.of("-Two,Too"), inWords(second.entries()));
        FeedPage third = page(second.next(), 1);
        assertEquals(List.of("+Three"), inWords(third.entries()));
        assertTrue(third.atEnd());
        assertEquals(
                List.of("-One", "-Two,Too", "+Three"), inWords(page(seen, 10).entries()));
    }

    @Test
    void onAPageBetweenRetractionsNothingSeenIsForgotten() { // P6
        arrive(one, two, three);
        FeedCursor seen = end();
        retract(id(one));
        FeedCursor heardOfOne = page(seen, 1).next();
        retract(id(three));
        assertEquals(List.of("-Three"), inWords(entries(heardOfOne)));
        assertEquals(List.of("-One", "-Three"), inWords(entries(seen)));
    }

    @Test
    void aFilterSeesRetractionsAsItSawTheArrivals() { // P6
        arrive(one, two, three);
        FeedCursor seen = end();
        retract(id(one), id(two), id(three));
        assertEquals(
                List.of("-Three", "-Too"),
                inWords(store().readFeed(seen, EventFilter.prefix("b"), 10).entries()));
        assertEquals(
                List.of("-One"),
                inWords(store().readFeed(seen, EventFilter.all().withTags("red"), 10)
                        .entries()));
        FeedPage none = store().readFeed(seen, EventFilter.prefix("c"), 1);
        assertEquals(List.of(), none.entries());
        assertTrue(none.atEnd());
        assertEquals(3, none.next().retractions());
    }

    @Test
    void whatComesBackArrivesAnewAndIsMarked() { // P7
        arrive(one, two, three);
        FeedCursor seen = end();
        retract(id(one));
        FeedCursor heard = end();
        arrive(one);

        assertEquals(List.of("+One!~"), inWords(entries(heard)));
        assertEquals(List.of("-One", "+One!~"), inWords(entries(seen)), "in between nobody looked");
        assertEquals(seen.arrivals() + 1, end().arrivals(), "a fresh number");
        assertEquals(List.of("+Two", "+Too", "+Three", "+One!~"), inWords(entries(FeedCursor.beginning())));
    }

    @Test
    void aRedactionIsARetractionAndAnArrivalAndNeverAgain() { // P7
        arrive(one);
        FeedCursor seen = end();
        arrive(Foreign.redacted(one, 0));

        List<FeedEntry> entries = entries(seen);
        assertEquals(List.of("-One", "+One"), inWords(entries));
        assertInstanceOf(RedactedEvent.class, ((FeedEntry.Arrival) entries.get(1)).event());
        assertEquals(List.of("+One"), inWords(entries(FeedCursor.beginning())));
        assertEquals(
                List.of("-One"),
                inWords(store().readFeed(seen, EventFilter.all().withTags("red"), 10)
                        .entries()),
                "the tags are gone with the data");
    }

    @Test
    void aRedactionOfWhatHadComeBackIsNotAgain() { // P7
        arrive(one);
        retract(id(one));
        arrive(one);
        FeedCursor seen = end();
        arrive(Foreign.redacted(one, 0));
        assertEquals(List.of("-One", "+One"), inWords(entries(seen)));

        retract(id(one));
        arrive(Foreign.redacted(one, 0));
        assertEquals(List.of("+One~"), inWords(entries(FeedCursor.beginning())), "gone and back, now without its data");
    }

    @Test
    void anotherWinnerIsARetractionAndAnArrivalAndNeverAgain() { // I5, P7
        expectFinding(Finding.Code.VARIANT);
        Transaction a = Foreign.at(1).free("a").event("a", "VariantA").build();
        Transaction b = Foreign.at(1).free("a").event("a", "VariantB").build();
        boolean aWins = a.header().trailer().compareTo(b.header().trailer()) < 0;
        arrive(aWins ? b : a);
        FeedCursor seen = end();
        arrive(aWins ? a : b);
        List<FeedEntry> entries = entries(seen);
        assertEquals(aWins ? List.of("-VariantB", "+VariantA") : List.of("-VariantA", "+VariantB"), inWords(entries));
        Transaction loser = aWins ? b : a;
        Transaction winner = aWins ? a : b;
        assertEquals(loser.header().trailer(), ((FeedEntry.Retraction) entries.get(0)).trailer());
        assertEquals(winner.header().trailer(), ((FeedEntry.Arrival) entries.get(1)).trailer());
        assertEquals(List.of(aWins ? "VariantA" : "VariantB"), types("a"));
    }

    @Test
    void T51_aLosingVariantIsReportedAndChangesNothing() { // T51, I5
        expectFinding(Finding.Code.VARIANT);
        Transaction a = Foreign.at(1).free("a").event("a", "VariantA").build();
        Transaction b = Foreign.at(1).free("a").event("a", "VariantB").build();
        boolean aWins = a.header().trailer().compareTo(b.header().trailer()) < 0;
        arrive(aWins ? a : b);
        FeedCursor seen = end();
        Digest digest = store().digest();
        arrive(aWins ? b : a);
        assertEquals(List.of(), entries(seen));
        assertEquals(digest, store().digest());
    }

    @Test
    void aCopyOfWhatIsHereChangesNothing() { // I5
        arrive(one);
        FeedCursor seen = end();
        arrive(one);
        assertEquals(List.of(), entries(seen));
        assertEquals(1, store().status().transactions());
    }

    @Test
    void readsFollowWhatIsGone() {
        TransactionId mine = store().append(stream("a"), ExpectedVersion.noStream(), event("Mine"))
                .transaction();
        Digest before = store().digest();
        StreamState state = store().read(stream("a")).state();
        arrive(one);
        retract(id(one));
        assertEquals(before, store().digest());
        assertEquals(state, store().read(stream("a")).state());
        assertEquals(List.of(mine), heads("a"));

        retract(mine);
        assertEquals(Digest.EMPTY, store().digest());
        assertEquals(StreamState.NONE, store().read(stream("a")).state());
        assertEquals(List.of(), store().streams(""));
        assertEquals(1, version(store().append(stream("a"), ExpectedVersion.noStream(), event("Anew")), "a"));
    }

    @Test
    void retractionsMoveTheGeneration() { // P8
        arrive(one, two);
        long before = store().status().generation();
        retract(id(one));
        assertTrue(store().status().generation() > before);
        assertEquals(
                store().status().generation(), page(FeedCursor.beginning(), 1).generation());
    }

    @Test
    void aCursorThatHeardOfRetractionsThatNeverWereIsStale() { // P5
        arrive(one);
        FeedCursor seen = end();
        retract(id(one));
        FeedCursor heard = end();
        assertThrows(
                StaleCursorException.class,
                () -> page(new FeedCursor(heard.epoch(), heard.arrivals(), 2, heard.check()), 1));
        assertThrows(
                StaleCursorException.class,
                () -> page(new FeedCursor(heard.epoch(), heard.arrivals(), 1, seen.check()), 1));
        assertEquals(List.of("-One"), inWords(entries(seen)), "an old cursor stays good");
    }
}
