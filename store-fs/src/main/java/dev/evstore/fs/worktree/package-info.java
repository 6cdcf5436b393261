/** What git is doing to this working tree, read from its state files; no JGit (rule P6). */
@NullMarked
package dev.evstore.fs.worktree;

import org.jspecify.annotations.NullMarked;
