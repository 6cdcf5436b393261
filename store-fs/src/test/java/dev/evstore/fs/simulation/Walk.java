package dev.evstore.fs.simulation;

import dev.evstore.core.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One seed: a world, and what happens in it, step by step. */
final class Walk {

    private static final List<SimulatedDisk.Fault> FAULTS = List.of(SimulatedDisk.Fault.values());
    private static final int MIN_STEPS = 10;
    private static final int MORE_STEPS = 16;

    /** A step that has a fault meets it at one of its first calls to the disk, or makes fewer. */
    private static final int FAULT_WITHIN = 14;

    /** One world in so many is in git, as far as a store sees git: asking git is slow. */
    private static final int IN_GIT = 10;

    private final long seed;
    private final Set<Integer> left;

    /**
     * @param seed says everything
     * @param left the numbers of steps that are left out
     */
    Walk(long seed, Set<Integer> left) {
        this.seed = seed;
        this.left = Set.copyOf(left);
    }

    /**
     * What came of it.
     *
     * @param steps how many steps the seed has
     * @param trace what happened, line by line
     * @param failure what did not hold; null if everything did
     */
    record Result(int steps, List<String> trace, @Nullable Throwable failure) {}

    /** Walks in a new directory below {@code scratch}, and removes it. */
    Result run(Path scratch) throws IOException {
        Random random = new Random(mixed(-1));
        int steps = MIN_STEPS + random.nextInt(MORE_STEPS);
        Path directory = Files.createTempDirectory(scratch, "walk");
        World world = new World(directory, random.nextInt(IN_GIT) == 0);
        Throwable failure = null;
        try {
            walk(world, steps, random);
        } catch (RuntimeException | AssertionError e) {
            failure = e;
        } finally {
            try {
                world.close();
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
            Trees.remove(directory);
        }
        return new Result(steps, new ArrayList<>(world.trace()), failure);
    }

    private void walk(World world, int steps, Random random) throws IOException {
        int replicas = random.nextInt(4) == 0 ? 2 + random.nextInt(World.MAX_REPLICAS - 2) : 2;
        for (int k = 0; k < replicas; k++) {
            world.addReplica(random);
        }
        for (int number = 0; number < steps; number++) {
            if (!left.contains(number)) {
                step(world, number, new Random(mixed(number)));
            }
        }
        world.trace().add("the end");
        Ending.run(world, new Random(mixed(steps)));
    }

    /** Each step has a random of its own, so that it does the same when others are left out. */
    private long mixed(int number) {
        long mixed = seed * 0x9E3779B97F4A7C15L + number * 0xC2B2AE3D27D4EB4FL;
        mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
        return mixed ^ (mixed >>> 32);
    }

    private static void step(World world, int number, Random random) throws IOException {
        Step step = Step.any(random);
        Replica replica = world.replicas().get(random.nextInt(world.replicas().size()));
        SimulatedDisk disk = replica.disk();
        String fault = "";
        if (random.nextInt(4) == 0) {
            SimulatedDisk.Fault with = FAULTS.get(random.nextInt(FAULTS.size()));
            int calls = random.nextInt(FAULT_WITHIN);
            disk.arm(calls, with);
            fault = ", " + with + " at call " + calls;
        }
        world.trace().add(number + " " + step + " on " + replica.name() + fault);
        int fired = disk.fired();
        try {
            step.run(world, replica, random);
        } catch (IOException | StoreException | SimulatedDisk.Stopped e) {
            if (disk.fired() == fired) {
                throw e;
            }
            world.say("failed with " + e.getClass().getSimpleName());
        }
        disk.disarm();
        if (disk.isOff()) {
            replica.recover(random);
            Invariants.checkFindings(world, replica);
        }
        Invariants.check(world, replica, random);
    }
}
