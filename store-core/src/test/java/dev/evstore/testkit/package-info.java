/**
 * Test kit. What a store has to do, as tests that any {@link dev.evstore.core.EventStore} can be put through, and the
 * fixtures they need: a clock set by hand, transactions that others wrote, replicas that meet. And histories and
 * headers made up for tests of anything that builds on the store's rules.
 */
@NullMarked
package dev.evstore.testkit;

import org.jspecify.annotations.NullMarked;
