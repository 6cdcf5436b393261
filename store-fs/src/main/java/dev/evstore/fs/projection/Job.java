package dev.evstore.fs.projection;

import dev.evstore.core.CanonicalReads;
import dev.evstore.core.projection.Projection;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A projection that is to be worked on, and what with.
 *
 * @param reads those of the store
 * @param writer writes behind the worker's back, one task at a time, in order; or on its thread
 * @param changed hears of the keys of rows that are committed; called by the writer
 */
record Job<S>(
        Workshop shop, Projection<S> projection, CanonicalReads reads, Executor writer, Consumer<Set<String>> changed) {

    String name() {
        return projection.name();
    }
}
