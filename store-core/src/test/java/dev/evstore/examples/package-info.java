/** Worked examples for applications, each held by a test. */
@NullMarked
package dev.evstore.examples;

import org.jspecify.annotations.NullMarked;
