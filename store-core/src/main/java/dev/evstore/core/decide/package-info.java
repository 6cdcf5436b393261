/**
 * Decisions on streams: an application's pure functions, and the loop around them that loads, decides, appends, and
 * tries again when somebody was quicker. Folded states may be kept as snapshots, which are used only while the stream
 * still begins with what they were folded from (T44). Effects, chance and time come from outside.
 */
@NullMarked
package dev.evstore.core.decide;

import org.jspecify.annotations.NullMarked;
