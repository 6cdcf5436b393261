package dev.evstore.core.subscription;

import dev.evstore.core.SubscriptionState;

/** A subscription can't go on by itself. */
final class Stop extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient SubscriptionState.Failed failed;

    Stop(SubscriptionState.Reason reason, String where, Throwable trouble) {
        super(where, trouble);
        this.failed = new SubscriptionState.Failed(reason, where, trouble);
    }

    SubscriptionState.Failed failed() {
        return failed;
    }
}
