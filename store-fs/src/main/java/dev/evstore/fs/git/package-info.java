/** What git holds of a store's event files: read, never changed here (rules L2, L3). The only room that sees JGit. */
@NullMarked
package dev.evstore.fs.git;

import org.jspecify.annotations.NullMarked;
