/**
 * The command line: the program's start, the options of every command, exit codes and errors. Commands parse, call and
 * render; they decide nothing. {@link dev.evstore.cli.Stores} is the one place a store comes from.
 */
@NullMarked
package dev.evstore.cli;

import org.jspecify.annotations.NullMarked;
