/**
 * Whether an append may happen and what it then is: the decision both stores share, pure apart from the clock and the
 * randomness it is given (rules A1, A6, F3, I1, I6, V3). With it what else both stores do alike: the hashes behind a
 * cursor's check (P5), the mapping from lines to events (P3), the words of findings. Not for applications.
 */
@NullMarked
package dev.evstore.core.append;

import org.jspecify.annotations.NullMarked;
