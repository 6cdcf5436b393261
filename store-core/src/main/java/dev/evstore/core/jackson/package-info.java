/**
 * Payloads bound to classes by Jackson. The only room that sees its databind, an optional dependency: who uses this
 * package brings {@code tools.jackson.core:jackson-databind} along, and on the module path opens the package of the
 * events to {@code tools.jackson.databind}. No type of the library is in a public signature.
 */
@NullMarked
package dev.evstore.core.jackson;

import org.jspecify.annotations.NullMarked;
