package dev.evstore.fs;

import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.projection.Projection;
import java.util.List;

/** A {@link ProjectionHost} in the store's local directory. */
final class FileProjectionHost {
    private FileProjectionHost() {}

    static ProjectionHost open(
            FileEventStore store, EventCodec<?> codec, ProjectionOptions options, List<Projection<?>> projections) {
        throw new UnsupportedOperationException("on its way");
    }
}
