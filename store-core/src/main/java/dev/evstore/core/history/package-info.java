/**
 * What a set of transactions means: canonical order, versions, heads, forks, digests, as pure functions (rules I3 to
 * I5, F1 to F7). Small, slow and obviously right: the model that the fast index is tested against. Leans on ids and
 * events.
 */
@NullMarked
package dev.evstore.core.history;

import org.jspecify.annotations.NullMarked;
