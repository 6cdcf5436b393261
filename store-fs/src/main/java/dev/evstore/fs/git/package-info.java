/**
 * What git holds of a store's event files (rules L2, L3), and commits of them (rules G1 to G4). Event files are never
 * changed here. The only room that sees JGit.
 */
@NullMarked
package dev.evstore.fs.git;

import org.jspecify.annotations.NullMarked;
