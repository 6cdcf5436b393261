/**
 * Merge mode: asks a resolver about each unit on its own and makes the merge transaction (rules M1 to M4, V4, F7), the
 * same for every store. A store lends what it sees and publishes. Not for applications.
 */
@NullMarked
package dev.evstore.core.merge;

import org.jspecify.annotations.NullMarked;
