package dev.evstore.core;

import java.time.Duration;

/**
 * A named consumer of the feed that a thread of its own follows: first what came before, then what comes, in
 * local-ingestion order, without gap, each transaction remembered once it has been told. Of all subscriptions of one
 * name, over all processes on this working copy, one is active; the others stand by.
 *
 * <p>Thread-safe.
 */
public interface Subscription extends AutoCloseable {

    String name();

    SubscriptionState state();

    /**
     * Up to where everything has been told and is remembered, whoever of this name told it. At most the transaction that
     * is being told is ahead of it.
     */
    FeedCursor position();

    /**
     * Waits until all that is visible when this is called has been told and is remembered.
     *
     * @return false if the time is up before that, or the subscription failed or is closed
     * @throws IllegalStateException the handler calls it, which would wait for itself
     */
    boolean awaitCaughtUp(Duration atMost) throws InterruptedException;

    /**
     * Tells no more until {@link #resume()}, and lets nobody else tell either if this is the active one. Returns when the
     * transaction that is being told has been told to its end; called by the handler, at once. A subscription that failed
     * stays failed. Not remembered beyond this object.
     */
    void pause();

    /** Goes on after {@link #pause()}; after a failure, tries again from the transaction it stopped at. */
    void resume();

    /**
     * Goes on from elsewhere, whatever was told: the way out for a person when the position is stale. With
     * {@link FeedCursor#beginning()} everything is told again, save what was told to be retracted and has not come back
     * (rule P7); {@link EventStore#feedEnd()} leaves out what is visible. Ends a failure, not a pause. Returns when the
     * new position is remembered.
     *
     * @throws IllegalStateException another subscription of this name is active, this one is closed, or the handler calls
     */
    void restart(FeedCursor from);

    /**
     * Ends it and lets a standby take over. The transaction that is being told is told to its end; called by the handler,
     * this returns before that. Idempotent.
     */
    @Override
    void close();
}
