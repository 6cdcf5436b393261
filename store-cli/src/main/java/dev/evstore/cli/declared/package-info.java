/**
 * Projections that are declared in a file instead of written in Java: the file, its little language, and the folds it
 * has. What anybody may have committed is read here: a declaration computes nothing but these folds, and everything it
 * or an event can make large has a limit.
 */
@NullMarked
package dev.evstore.cli.declared;

import org.jspecify.annotations.NullMarked;
