/** The command line: parse, call, render. No decisions. */
@NullMarked
package dev.evstore.cli;

import org.jspecify.annotations.NullMarked;
