package dev.evstore.fs;

import dev.evstore.core.id.Digest;

/**
 * What came of building the index anew. Immutable.
 *
 * @param transactions how many the new index has
 * @param digest of them all
 * @param repaired whether the old index had answered otherwise than the files
 */
public record ReindexResult(long transactions, Digest digest, boolean repaired) {}
