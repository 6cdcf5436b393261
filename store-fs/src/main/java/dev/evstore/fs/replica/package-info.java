/** Who this working copy is: an id and a counter that only grows. */
@NullMarked
package dev.evstore.fs.replica;

import org.jspecify.annotations.NullMarked;
