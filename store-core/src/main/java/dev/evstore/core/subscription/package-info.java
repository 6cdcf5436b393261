/**
 * How a store follows its own feed for others: one thread a subscription, what it may call when, and what has to be
 * remembered so that nothing is missed or told again without need (rules P3, P4, P6, P7). Both stores use it and differ
 * in their {@link dev.evstore.core.subscription.Books} only. Not for applications.
 */
@NullMarked
package dev.evstore.core.subscription;

import org.jspecify.annotations.NullMarked;
