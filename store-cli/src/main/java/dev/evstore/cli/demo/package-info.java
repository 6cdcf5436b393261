/** The demonstration: two clones, the real git program, and checks that what is claimed holds. */
@NullMarked
package dev.evstore.cli.demo;

import org.jspecify.annotations.NullMarked;
