@NullMarked
package dev.evstore.core.decide;

import org.jspecify.annotations.NullMarked;
