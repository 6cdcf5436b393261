/**
 * Names and identities: streams, transactions, events, replicas, versions, digests, and the clock that makes
 * transaction ids. Rules I1 and I6 (the clock) hold here; the package leans on nothing else of the store.
 */
@NullMarked
package dev.evstore.core.id;

import org.jspecify.annotations.NullMarked;
