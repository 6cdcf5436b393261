@org.jspecify.annotations.NullMarked
package dev.evstore.core.jackson;
