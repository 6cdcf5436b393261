package dev.evstore.fs;

import dev.evstore.core.Durability;
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
 * @param poll how often a subscription looks for what other processes append and git brings, from a millisecond on
 */
public record StoreOptions(Durability durability, Clock clock, Random random, Duration poll) {

    private static final Duration POLL = Duration.ofMillis(200);

    /** Full durability, the system's clock, secure randomness. */
    public static StoreOptions defaults() {
        return new StoreOptions(Durability.FULL, Clock.systemUTC(), new SecureRandom(), POLL);
    }

    public StoreOptions durability(Durability other) {
        return new StoreOptions(other, clock, random, poll);
    }

    public StoreOptions clock(Clock other) {
        return new StoreOptions(durability, other, random, poll);
    }

    public StoreOptions random(Random other) {
        return new StoreOptions(durability, clock, other, poll);
    }

    public StoreOptions poll(Duration other) {
        return new StoreOptions(durability, clock, random, other);
    }
}
