/** How long things take, beside a plain SQLite event table, in one run. Started by {@code ./bench}, never by a build. */
@org.jspecify.annotations.NullMarked
package dev.evstore.fs.bench;
