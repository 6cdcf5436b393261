@NullMarked
package dev.evstore.core.format;

import org.jspecify.annotations.NullMarked;
