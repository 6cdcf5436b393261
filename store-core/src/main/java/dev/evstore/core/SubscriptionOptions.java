package dev.evstore.core;

/**
 * How a subscription begins and reads. Immutable.
 *
 * @param start where a name that is new to the store begins; one that is known goes on where it stands. There is no
 *     default: in a fresh clone, the beginning may be a million mails away
 * @param page how many entries are read at once, 1 to {@link EventStore#MAX_PAGE}; what is told does not depend on it
 */
public record SubscriptionOptions(Start start, int page) {

    private static final int PAGE = 1000;

    /** Where a new subscription begins. */
    public enum Start {
        /** With the first event that is visible. */
        BEGINNING,
        /** With what comes after the call that subscribes. */
        NOW
    }

    /**
     * @throws IllegalArgumentException if the page is out of its range
     */
    public SubscriptionOptions {
        if (page < 1 || page > EventStore.MAX_PAGE) {
            throw new IllegalArgumentException("a page has 1 to " + EventStore.MAX_PAGE + " entries, not " + page);
        }
    }

    /** A new name is told everything. */
    public static SubscriptionOptions fromBeginning() {
        return new SubscriptionOptions(Start.BEGINNING, PAGE);
    }

    /** A new name is told what comes from now on. */
    public static SubscriptionOptions fromNow() {
        return new SubscriptionOptions(Start.NOW, PAGE);
    }

    public SubscriptionOptions page(int entries) {
        return new SubscriptionOptions(start, entries);
    }
}
