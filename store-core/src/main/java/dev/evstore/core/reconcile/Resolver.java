package dev.evstore.core.reconcile;

/**
 * Decides what becomes of a fork. Two replicas that see the same fork and decide alike write the very same transaction
 * (rules M1, M2), so it should be a function of the context alone: no clock, no chance, nothing that only this machine
 * knows. Decided differently, the resolutions are a new fork, and no harm is done.
 *
 * <p>It is called without any lock of the store, on the thread of whoever reconciles. It may be asked about one fork
 * again, when that changed meanwhile. What it throws leaves the fork as it is and is reported (rule M3).
 */
@FunctionalInterface
public interface Resolver {

    /**
     * Decides about one unit: forked streams that have to be resolved together.
     *
     * @param fork what the branches did since they parted; of use until this returns
     */
    Resolution resolve(ForkContext fork);
}
