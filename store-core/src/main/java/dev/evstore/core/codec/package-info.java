/**
 * Typed events: names of event types and the Java classes that stand for them, in both directions, with what old names
 * and shapes have become. Payloads are JSON text here; what binds them to classes is behind {@link
 * dev.evstore.core.codec.Payloads}. Nothing is skipped and nothing quotes a payload (rules P3, R7).
 */
@NullMarked
package dev.evstore.core.codec;

import org.jspecify.annotations.NullMarked;
