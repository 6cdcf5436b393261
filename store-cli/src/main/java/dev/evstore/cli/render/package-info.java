/**
 * What is printed, as text and as JSON. All that comes from a store passes {@link dev.evstore.cli.render.Escapes}, so
 * that no payload or name can move the cursor, hide or reorder text on a terminal.
 */
@NullMarked
package dev.evstore.cli.render;

import org.jspecify.annotations.NullMarked;
