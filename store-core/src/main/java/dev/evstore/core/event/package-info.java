/**
 * Events as a caller gives them and gets them back, and the filter that chooses among them. Payloads are JSON text;
 * the codec for typed events sits above. Leans on {@code core.id} only.
 */
@NullMarked
package dev.evstore.core.event;

import org.jspecify.annotations.NullMarked;
