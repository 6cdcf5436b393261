/**
 * What subscriptions of a store on files were told, and which process may tell: a database and a lock for each name, in
 * the store's local directory. They outlive the index, so that a new epoch makes a position stale instead of lost, and
 * what was told to be retracted stays known (rules P5, P7). What a subscription does is the core's.
 */
@NullMarked
package dev.evstore.fs.subscription;

import org.jspecify.annotations.NullMarked;
