package dev.evstore.core;

import dev.evstore.core.merge.ForkSource;

/** Lets tests of merge mode use a store in memory as that does itself. */
public final class Sources {

    private Sources() {}

    public static ForkSource of(InMemoryEventStore store) {
        return store.forkSource();
    }
}
