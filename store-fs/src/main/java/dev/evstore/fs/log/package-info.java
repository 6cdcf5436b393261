/** Event files as a set of transactions: listing, stamps, reading (rules K4, V2). Leans on the disk and the layout. */
@NullMarked
package dev.evstore.fs.log;

import org.jspecify.annotations.NullMarked;
