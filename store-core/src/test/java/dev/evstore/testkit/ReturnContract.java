package dev.evstore.testkit;

import static dev.evstore.testkit.Recorder.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.Finding;
import dev.evstore.core.Subscription;
import dev.evstore.core.SubscriptionOptions;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.TransactionId;
import org.junit.jupiter.api.Test;

/** Subscriptions while transactions go and come back: side effects happen once (rules P6, P7, I5). */
public abstract class ReturnContract extends StoreContract {

    private final Recorder told = new Recorder();
    private final Transaction one =
            Foreign.at(1).free("a").event("a", event("One").tags("red")).build();
    private final Transaction two = Foreign.at(2)
            .free("a")
            .free("b")
            .event("a", "Two")
            .event("b", "Too")
            .build();

    private TransactionId id(Transaction transaction) {
        return transaction.header().id();
    }

    private Subscription subscribe(Recorder handler, EventFilter filter) {
        return store().subscribe("mailer", filter, SubscriptionOptions.fromBeginning(), handler);
    }

    private Subscription subscribe() {
        return subscribe(told, EventFilter.all());
    }

    @Test
    void itIsToldOfTheRetractionOfWhatItWasToldAndOfNoOther() throws Exception { // P6
        arrive(one, two);
        Subscription subscription = subscribe();
        told.expect("+One", "+Two", "+Too", "live");
        retract(id(two));
        told.expectOnly(subscription, "-Two,Too");

        subscription.pause();
        arrive(two);
        retract(id(two));
        subscription.resume();
        told.expectOnly(subscription, "live");
    }

    @Test
    void T57_whatComesBackIsNotToldAsNew() throws Exception { // T57, P7
        arrive(one, two);
        Subscription subscription = subscribe();
        told.expect("+One", "+Two", "+Too", "live");
        for (int i = 0; i < 2; i++) {
            retract(id(two));
            told.expectOnly(subscription, "-Two,Too");
            arrive(two);
            told.expectOnly(subscription, "~Two", "~Too");
        }
        subscription.pause();
        retract(id(one));
        arrive(one);
        subscription.resume();
        told.expectOnly(subscription, "-One", "~One", "live");
    }

    @Test
    void T57_whatWasNeverToldIsToldWhenItComesBack() throws Exception { // T57, P7
        Subscription subscription = subscribe();
        told.expect("live");
        subscription.pause();
        arrive(one);
        retract(id(one));
        arrive(one);
        subscription.resume();
        told.expectOnly(subscription, "+One", "live");
    }

    @Test
    void T57_ofATransactionThatComesBackOnlyWhatWasToldIsPassedOver() throws Exception { // T57, P7
        Transaction both = Foreign.at(3)
                .free("a")
                .event("a", event("Red").tags("red"))
                .event("a", event("Rot").tags("red"))
                .build();
        Subscription subscription = subscribe(told, EventFilter.all().withTags("red"));
        told.expect("live");
        Transaction redacted = Foreign.redacted(both, 0);
        arrive(redacted);
        told.expectOnly(subscription, "+Rot");
        retract(id(both));
        told.expectOnly(subscription, "-Rot");
        arrive(both);
        told.expectOnly(subscription, "+Red", "~Rot");
    }

    @Test
    void aRedactionDoesNotRunTwice() throws Exception { // P7
        arrive(one);
        Subscription subscription = subscribe();
        told.expect("+One", "live");
        arrive(Foreign.redacted(one, 0));
        told.expectOnly(subscription, "-One", "~One");
        retract(id(one));
        told.expectOnly(subscription, "-One");
        arrive(one);
        told.expectOnly(subscription, "~One");
    }

    @Test
    void anotherWinnerRunsAndTheFirstDoesNotRunAgain() throws Exception { // P7, I5
        Transaction a = Foreign.at(1).free("a").event("a", "A").build();
        Transaction b = Foreign.at(1).free("a").event("a", "B").build();
        boolean aWins = a.header().trailer().compareTo(b.header().trailer()) < 0;
        Transaction winner = aWins ? a : b;
        String winning = aWins ? "A" : "B";
        String losing = aWins ? "B" : "A";
        Subscription subscription = subscribe();
        told.expect("live");
        arrive(aWins ? b : a);
        told.expectOnly(subscription, "+" + losing);
        arrive(winner);
        told.expectOnly(subscription, "-" + losing, "+" + winning);
        retract(id(winner));
        told.expectOnly(subscription, "-" + winning);
        arrive(aWins ? b : a);
        told.expectOnly(subscription, "~" + losing);
        expectFindingOfVariants(winner);
    }

    /** The variant that is left has no rival any more; with one, status says so. */
    private void expectFindingOfVariants(Transaction winner) {
        arrive(winner);
        expectFinding(Finding.Code.VARIANT);
    }

    @Test
    void whatItWasToldToBeRetractedIsRememberedByTheNextOfItsName() throws Exception { // P7
        arrive(one, two);
        Subscription first = subscribe();
        told.expect("+One", "+Two", "+Too", "live");
        retract(id(two));
        told.expectOnly(first, "-Two,Too");
        first.close();

        arrive(two);
        Recorder next = new Recorder();
        Subscription second = subscribe(next, EventFilter.all());
        next.expectOnly(second, "~Two", "~Too", "live");
    }

    @Test
    void aRestartFromTheBeginningDoesNotForgetWhatIsAway() throws Exception { // P7
        arrive(one, two);
        Subscription subscription = subscribe();
        told.expect("+One", "+Two", "+Too", "live");
        retract(id(two));
        told.expectOnly(subscription, "-Two,Too");
        subscription.restart(FeedCursor.beginning());
        told.expectOnly(subscription, "+One", "live");
        arrive(two);
        told.expectOnly(subscription, "~Two", "~Too");
        subscription.restart(FeedCursor.beginning());
        told.expectOnly(subscription, "+One", "+Two", "+Too", "live");
    }

    @Test
    void aRetractionThatCouldNotBeHandledIsToldAgainAndRememberedOnlyThen() throws Exception { // P7
        arrive(one);
        told.doing("-One", () -> {
            throw new IllegalStateException("no");
        });
        Subscription subscription = subscribe();
        told.expect("+One", "live");
        FeedCursor before = subscription.position();
        retract(id(one));
        told.expect("-One", "failed HANDLER");
        assertEquals(before, subscription.position());
        assertFalse(subscription.awaitCaughtUp(LONG));
        subscription.resume();
        told.expectOnly(subscription, "-One", "live");
        arrive(one);
        told.expectOnly(subscription, "~One");
    }

    @Test
    void aFilterIsToldTheRetractionsOfItsOwn() throws Exception { // P6
        arrive(one, two);
        Subscription subscription = subscribe(told, EventFilter.prefix("b"));
        told.expectOnly(subscription, "+Too", "live");
        retract(id(one), id(two));
        told.expectOnly(subscription, "-Too");
        assertTrue(subscription.position().retractions() == 2);
    }
}
