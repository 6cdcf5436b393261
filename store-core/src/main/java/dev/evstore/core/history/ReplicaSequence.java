package dev.evstore.core.history;

import dev.evstore.core.id.ReplicaId;

/**
 * What a replica's own count of its transactions shows of those that are here. Numbers are missing after an append that
 * failed, a reset, or a part of its work that was not merged; two transactions share one where a working copy was copied
 * with its identity. Information: nothing depends on these numbers. Immutable.
 *
 * @param newest the greatest number that is here
 * @param missing how many of the numbers from 1 to the newest no visible transaction has
 * @param shared how many numbers more than one visible transaction has
 */
public record ReplicaSequence(ReplicaId replica, long newest, long missing, long shared) {}
