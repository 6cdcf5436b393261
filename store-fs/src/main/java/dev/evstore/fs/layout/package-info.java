/** Every path and name of a store, and nothing else. */
@NullMarked
package dev.evstore.fs.layout;

import org.jspecify.annotations.NullMarked;
