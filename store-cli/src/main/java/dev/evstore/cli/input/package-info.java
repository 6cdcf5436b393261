/** What is read from JSON lines: {@code append --stdin} and {@code import}. Bounded in memory, numbers keep their text. */
@NullMarked
package dev.evstore.cli.input;

import org.jspecify.annotations.NullMarked;
