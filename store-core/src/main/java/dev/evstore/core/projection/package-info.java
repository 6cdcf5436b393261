/**
 * Read models as an application states them: what a projection folds, under which keys, in which order; and what is told
 * of one that runs. No threads, no disk (rules O1 to O7, S9, S10, R2, R4).
 */
@NullMarked
package dev.evstore.core.projection;

import org.jspecify.annotations.NullMarked;
