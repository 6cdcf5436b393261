package dev.evstore.fs.projection;

import dev.evstore.core.CanonicalReads;
import dev.evstore.core.EventStore;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.projection.engine.EngineLimits;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.layout.StoreLayout;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What the projections of one host have in common.
 *
 * @param ahead the store's canonical reads for one thread, which another reads ahead for
 * @param gitUnderWay whether git is between two steps, so that retractions are withheld (rule P6)
 * @param poll how often to look for what nobody signals
 * @param patience how long a rebuild may make no progress
 */
record Workshop(
        EventStore store,
        Function<Executor, CanonicalReads> ahead,
        EventCodec<?> codec,
        StoreLayout layout,
        Disk disk,
        Control control,
        EngineLimits limits,
        BooleanSupplier gitUnderWay,
        Duration poll,
        Duration patience,
        Signal signal) {}
