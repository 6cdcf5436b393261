/** The local, rebuildable index in SQLite: ingest, positions and epochs, canonical order, heads, and the queries over them (rules P1 to P8, F1 to F7). The model it has to agree with is core.history. */
@NullMarked
package dev.evstore.fs.index;

import org.jspecify.annotations.NullMarked;
