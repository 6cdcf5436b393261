/** The commands, one class each: parse, call, render. */
@NullMarked
package dev.evstore.cli.command;

import org.jspecify.annotations.NullMarked;
