/**
 * Some replicas of a store, on disks and clocks that a seed rules: what they do, and when their machines stop. The store
 * under test is the real one; simulated are the calls to the file system that change files, what a power cut leaves of
 * them and of the index, the time, and git.
 *
 * <p>A {@link dev.evstore.fs.simulation.Walk} is one seed: steps, each of them drawn from a random of its own, so that a
 * walk without some of its steps does the others as before. After every step {@link
 * dev.evstore.fs.simulation.Invariants} hold.
 */
@NullMarked
package dev.evstore.fs.simulation;

import org.jspecify.annotations.NullMarked;
