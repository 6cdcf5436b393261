package dev.evstore.fs;

import dev.evstore.core.Durability;
import dev.evstore.core.StoreObserver;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Random;

/**
 * How a store on files is opened. Immutable.
 *
 * @param durability when an append returns
 * @param clock tells the wall time
 * @param random makes the tails of ids and salts
 * @param observer is told what happens
 */
public record StoreOptions(Durability durability, Clock clock, Random random, StoreObserver observer) {

    /** Full durability, the system's clock, secure randomness, nobody to tell. */
    public static StoreOptions defaults() {
        return new StoreOptions(Durability.FULL, Clock.systemUTC(), new SecureRandom(), StoreObserver.NONE);
    }

    public StoreOptions durability(Durability other) {
        return new StoreOptions(other, clock, random, observer);
    }

    public StoreOptions clock(Clock other) {
        return new StoreOptions(durability, other, random, observer);
    }

    public StoreOptions random(Random other) {
        return new StoreOptions(durability, clock, other, observer);
    }

    public StoreOptions observer(StoreObserver other) {
        return new StoreOptions(durability, clock, random, other);
    }
}
