package dev.evstore.core;

/**
 * Is told what happens in a store, to count or to log it; it changes nothing. A consumer of events reads the feed
 * instead, which misses nothing.
 *
 * <p>Called after the fact, on the thread of the caller who waited for it, with no lock of the store held, from several
 * threads at once where several call; {@link #rebuilding} alone is different. What it throws is logged as a warning and
 * hurts nobody. Whoever is slow here makes the caller wait.
 */
public interface StoreObserver {

    /** Is told and does nothing. */
    StoreObserver NONE = new StoreObserver() {};

    /** A transaction was written by this store. Not called for a repeated command, nor for an append that fails. */
    default void appended(AppendResult result) {}

    /** Forks were looked at, and resolved as far as the report says; a dry run, too. */
    default void reconciled(ReconcileReport report) {}

    /** A look at the files found that something came or went. {@link #late} and {@link #retracted} follow. */
    default void refreshed(RefreshReport report) {}

    /** So many events, at least one, arrived after an event of their stream that follows them canonically. */
    default void late(int events) {}

    /** So many transactions, at least one, that were visible are gone, or have other contents now. */
    default void retracted(int transactions) {}

    /**
     * The index is being built from the event files, and so many transactions are in it. Called while the store is
     * opened, every thousand or so and at the end, with the store's lock held: be quick, and open no store here.
     */
    default void rebuilding(long transactions) {}
}
