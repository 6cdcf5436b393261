/**
 * Meters of projections (rule R8), for Micrometer. The one package that sees it: an application that uses this names
 * {@code io.micrometer:micrometer-core} itself.
 */
@NullMarked
package dev.evstore.fs.metrics;

import org.jspecify.annotations.NullMarked;
