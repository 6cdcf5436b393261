/** The only door that changes files: temporary file, sync, move, sync of the directory, and the store lock (rules A2, A3). */
@NullMarked
package dev.evstore.fs.disk;

import org.jspecify.annotations.NullMarked;
