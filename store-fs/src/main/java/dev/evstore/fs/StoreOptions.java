package dev.evstore.fs;

import dev.evstore.core.Durability;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Random;

/**
 * How a store on files is opened. Immutable.
 *
 * @param durability when an append returns
 * @param clock tells the wall time
 * @param random makes the tails of ids and salts
 */
public record StoreOptions(Durability durability, Clock clock, Random random) {

    /** Full durability, the system's clock, secure randomness. */
    public static StoreOptions defaults() {
        return new StoreOptions(Durability.FULL, Clock.systemUTC(), new SecureRandom());
    }

    public StoreOptions durability(Durability other) {
        return new StoreOptions(other, clock, random);
    }

    public StoreOptions clock(Clock other) {
        return new StoreOptions(durability, other, random);
    }

    public StoreOptions random(Random other) {
        return new StoreOptions(durability, clock, other);
    }
}
