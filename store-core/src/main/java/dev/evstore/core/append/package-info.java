/**
 * Whether an append may happen and what it then is: the decision both stores share, pure apart from the clock and the
 * randomness it is given (rules A1, A6, F3, I1, I6). Not for applications.
 */
@NullMarked
package dev.evstore.core.append;

import org.jspecify.annotations.NullMarked;
