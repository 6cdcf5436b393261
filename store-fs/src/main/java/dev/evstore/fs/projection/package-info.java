/**
 * Projections at work: threads, the write cycle and the state in SQLite around {@code core.projection.engine} (rules S1 to
 * S10, R1 to R10, W1 to W6). One database file holds one build of one projection; small files beside name the one that is
 * served and the one that is being built.
 */
@NullMarked
package dev.evstore.fs.projection;

import org.jspecify.annotations.NullMarked;
