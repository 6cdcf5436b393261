@NullMarked
package dev.evstore.core.projection;

import org.jspecify.annotations.NullMarked;
