package dev.evstore.fs;

import dev.evstore.core.Durability;
import dev.evstore.core.StoreObserver;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;

/**
 * How a store on files is opened. Immutable.
 *
 * @param durability when an append returns
 * @param clock tells the wall time
 * @param random makes the tails of ids and salts
 * @param observer is told what happens
 * @param poll how often a subscription looks for what other processes append and git brings, from a millisecond on
 */
public record StoreOptions(Durability durability, Clock clock, Random random, StoreObserver observer, Duration poll) {

    private static final Duration POLL = Duration.ofMillis(200);

    /** Full durability, the system's clock, secure randomness, nobody to tell. */
    public static StoreOptions defaults() {
        return new StoreOptions(Durability.FULL, Clock.systemUTC(), new SecureRandom(), StoreObserver.NONE, POLL);
    }

    public StoreOptions durability(Durability other) {
        return new StoreOptions(other, clock, random, observer, poll);
    }

    public StoreOptions clock(Clock other) {
        return new StoreOptions(durability, other, random, observer, poll);
    }

    public StoreOptions random(Random other) {
        return new StoreOptions(durability, clock, other, observer, poll);
    }

    public StoreOptions observer(StoreObserver other) {
        return new StoreOptions(durability, clock, random, other, poll);
    }

    public StoreOptions poll(Duration other) {
        return new StoreOptions(durability, clock, random, observer, other);
    }
}
