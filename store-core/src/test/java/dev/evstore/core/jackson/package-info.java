@NullMarked
package dev.evstore.core.jackson;

import org.jspecify.annotations.NullMarked;
