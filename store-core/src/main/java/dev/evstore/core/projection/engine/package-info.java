/**
 * The fold of one projection, step by step: pages in, rows out, and the rows touched by what came late or went folded
 * again from thinned images (rules O1 to O7). Whoever drives it brings the reads and keeps the rows.
 */
@NullMarked
package dev.evstore.core.projection.engine;

import org.jspecify.annotations.NullMarked;
