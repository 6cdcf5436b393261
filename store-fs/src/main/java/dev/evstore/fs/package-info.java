/** The store on files: opens, wires, closes. An append is: check, stamp, publish, index. */
@NullMarked
package dev.evstore.fs;

import org.jspecify.annotations.NullMarked;
