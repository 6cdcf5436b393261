/**
 * The store as an application sees it: read, append, feed, findings, and the exceptions. {@link EventStore} is the way
 * in; {@link InMemoryEventStore} behaves like the store on files and keeps nothing.
 */
@NullMarked
package dev.evstore.core;

import org.jspecify.annotations.NullMarked;
