package dev.evstore.core;

/**
 * What an application does with the events of a subscription. One thread at a time calls it, in the order of the feed;
 * every call sees what the calls before it did. A call may use the store, and may pause or close its subscription.
 *
 * <p>Every call happens at least once: what was told is remembered when its whole transaction has been told, so a crash
 * in between tells that transaction again. Whatever a call throws stops the subscription before that transaction.
 */
public interface SubscriptionHandler {

    /**
     * An event arrived that this subscription was not told of before, in this variant of its transaction. It may be late,
     * and it may be redacted or of a newer format.
     */
    void onEvent(FeedEntry.Arrival arrival) throws Exception;

    /** What was told is gone (checkout, reset, rebase), or is about to return with less or other contents. */
    default void onRetracted(FeedEntry.Retraction retraction) throws Exception {}

    /**
     * An event is back of which this subscription was told, and that it was retracted: the same variant, perhaps with its
     * data redacted. What its arrival caused has been caused already, so unless this says otherwise, nothing is done
     * (rule P7).
     */
    default void onReturned(FeedEntry.Arrival arrival) throws Exception {}

    /** Everything that was visible has been told; from now on events are told as they come. */
    default void onCaughtUp() throws Exception {}

    /** More than a page came at once while everything had been told. Comes before what it is about. */
    default void onFellBehind() throws Exception {}

    /**
     * The subscription stopped and waits for {@link Subscription#resume()} or {@link Subscription#restart}. Told once
     * each time it stops; what this throws is logged and changes nothing.
     */
    default void onFailure(SubscriptionState.Failed failed) {}
}
