/**
 * What an application says about a fork: a {@link Resolver} is shown a {@link ForkContext} and answers with a {@link
 * Resolution} (rules F4, F5, M2). There is no policy by default; {@link Resolvers} has some to choose. Leans on ids,
 * events and history, and reads through {@link ForkReads}.
 */
@NullMarked
package dev.evstore.core.reconcile;

import org.jspecify.annotations.NullMarked;
