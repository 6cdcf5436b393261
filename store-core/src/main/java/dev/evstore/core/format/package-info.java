/**
 * Event files, format 1: bytes to transactions and back (rules V1 to V5, the hashes, M1 and M4). Pure: no disk, no
 * clock. What is valid is decided by this package's own code, never by a library's defaults, because replicas must
 * agree on it for ever. Leans on ids, events and the header of {@code core.history}.
 */
@NullMarked
package dev.evstore.core.format;

import org.jspecify.annotations.NullMarked;
