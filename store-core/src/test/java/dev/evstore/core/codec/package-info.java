@NullMarked
package dev.evstore.core.codec;

import org.jspecify.annotations.NullMarked;
