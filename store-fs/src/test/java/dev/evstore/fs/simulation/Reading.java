package dev.evstore.fs.simulation;

import java.io.IOException;
import java.util.Random;

/** Consumers that read a little. */
final class Reading {

    private Reading() {}

    /** Some pages, not to the end. */
    static void read(World world, Replica replica, Random random) throws IOException {
        for (int k = random.nextInt(4); k >= 0; k--) {
            readPage(replica, random);
        }
    }

    static void readPage(Replica replica, Random random) {
        replica.consumers().get(random.nextInt(replica.consumers().size())).readPage(replica.store());
    }
}
