package dev.evstore.core;

/** What an append does about a stream that is forked already (rule F3). */
public enum ForkPolicy {
    /** It goes on with one head, this replica's own where there is one; the fork stays. */
    ACCEPT,
    /** It fails with {@link StreamForkedException}. Streams written freely, or only read, are not looked at. */
    REJECT
}
