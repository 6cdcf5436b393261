/** The door to the file system: stamps, and the only way files change: temporary file, sync, move, sync of the directory, the store lock (rules A2, A3). */
@NullMarked
package dev.evstore.fs.disk;

import org.jspecify.annotations.NullMarked;
