package dev.evstore.fs.index;

import dev.evstore.fs.index.EventRows.EventRow;
import org.jspecify.annotations.Nullable;

/**
 * An event, and where its payload is.
 *
 * @param line its line, of one in a small file; else it is read in the file
 */
record PlacedEvent(EventRow row, String directory, String name, byte @Nullable [] line) {}
