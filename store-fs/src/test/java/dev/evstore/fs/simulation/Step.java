package dev.evstore.fs.simulation;

import java.io.IOException;
import java.util.Random;

/** What may happen, and how often it does. */
enum Step {
    APPEND(20),
    APPEND_MANY(2),
    RECONCILE(5),
    READ(8),
    COMMIT(6),
    EVSTORE_COMMIT(4),
    FETCH(2),
    MERGE(9),
    PARTIAL_MERGE(4),
    BRANCH(2),
    CHECKOUT(4),
    RESET(4),
    REBASE(2),
    CLEAN(2),
    /** A file comes by other ways than git, in two parts. */
    TORN_FILE(3),
    REOPEN(4),
    /** The machine stops while nothing is done. */
    STOP(6),
    CLOCK(5),
    REINDEX(2),
    REINDEX_FROM_SCRATCH(1),
    LOSE_LOCAL(2),
    COPY(1);

    private static final int WEIGHTS = weights();

    private final int weight;

    Step(int weight) {
        this.weight = weight;
    }

    private static int weights() {
        int sum = 0;
        for (Step step : values()) {
            sum += step.weight;
        }
        return sum;
    }

    static Step any(Random random) {
        int at = random.nextInt(WEIGHTS);
        for (Step step : values()) {
            at -= step.weight;
            if (at < 0) {
                return step;
            }
        }
        throw new AssertionError(at);
    }

    void run(World world, Replica replica, Random random) throws IOException {
        switch (this) {
            case APPEND -> Writing.append(world, replica, random);
            case APPEND_MANY -> Writing.appendMany(world, replica, random);
            case RECONCILE -> Writing.reconcile(world, replica, random);
            case READ -> Reading.read(world, replica, random);
            case COMMIT -> Moving.commit(world, replica, random);
            case EVSTORE_COMMIT -> Moving.fold(world, replica, random);
            case FETCH -> Moving.fetch(world, replica, random);
            case MERGE -> Moving.merge(world, replica, random);
            case PARTIAL_MERGE -> Moving.partialMerge(world, replica, random);
            case BRANCH -> Moving.branch(world, replica, random);
            case CHECKOUT -> Moving.checkout(world, replica, random);
            case RESET -> Moving.reset(world, replica, random);
            case REBASE -> Moving.rebase(world, replica, random);
            case CLEAN -> Moving.clean(world, replica, random);
            case TORN_FILE -> Moving.tornFile(world, replica, random);
            case REOPEN -> Machine.reopen(world, replica, random);
            case STOP -> Machine.stop(world, replica, random);
            case CLOCK -> Machine.clock(world, replica, random);
            case REINDEX -> Machine.reindex(world, replica, random);
            case REINDEX_FROM_SCRATCH -> Machine.reindexFromScratch(world, replica, random);
            case LOSE_LOCAL -> Machine.loseLocal(world, replica, random);
            case COPY -> Machine.copy(world, replica, random);
        }
    }
}
