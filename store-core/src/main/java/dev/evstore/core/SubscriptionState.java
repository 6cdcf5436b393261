package dev.evstore.core;

/** What a subscription is doing. */
public sealed interface SubscriptionState {

    /** Another subscription of this name is active, here or in another process; this one takes over when that ends. */
    record Standby() implements SubscriptionState {}

    /** It is being told what came before now. */
    record CatchingUp() implements SubscriptionState {}

    /** It has been told everything and waits for more. */
    record Live() implements SubscriptionState {}

    /** It waits for {@link Subscription#resume()}. If it was the active one, it stays that. */
    record Paused() implements SubscriptionState {}

    /**
     * It stopped, and its position stays before what it stopped at. If it was the active one, it stays that: a standby
     * would only stop at the same place.
     *
     * @param reason whose trouble it is
     * @param where the event, retraction or cursor it stopped at, without any payload
     * @param trouble what was thrown
     */
    record Failed(Reason reason, String where, Throwable trouble) implements SubscriptionState {}

    /** It has ended, and so has its thread. */
    record Closed() implements SubscriptionState {}

    /** Why a subscription stopped. */
    enum Reason {
        /** The handler threw; {@link Subscription#resume()} tells it the same transaction again. */
        HANDLER,
        /**
         * The position is not of this index, which was built anew (rule P5). Nobody but a person can say where to go on:
         * {@link Subscription#restart}.
         */
        STALE_POSITION,
        /** The store could not be read or the position not be saved, for longer than is worth waiting. */
        STORE
    }
}
