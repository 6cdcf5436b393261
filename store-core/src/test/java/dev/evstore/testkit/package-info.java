/** Test kit: histories and headers made up for tests of anything that builds on the store's rules. */
@NullMarked
package dev.evstore.testkit;

import org.jspecify.annotations.NullMarked;
