/**
 * Projections over HTTP, for programs on the same machine: loopback only, GET and HEAD only, nothing that changes
 * anything. One thread talks to all clients and never waits for one; few threads make answers. Whatever a client does,
 * it costs a bounded amount of memory for a bounded time.
 */
@NullMarked
package dev.evstore.fs.http;

import org.jspecify.annotations.NullMarked;
