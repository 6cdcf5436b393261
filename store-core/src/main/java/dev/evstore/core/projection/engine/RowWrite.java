package dev.evstore.core.projection.engine;

import dev.evstore.core.id.EventId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one row.
 *
 * @param row the row, or null if nothing is left of it: then its images and failures go, too
 * @param imagesUpTo images of more events than this are void; {@link Long#MAX_VALUE} if none is
 * @param images new ones; of those kept, the ones that {@link #keepsImage} refuses go
 * @param refolded whether it was folded again, so that the failures of what was folded again are void
 * @param failuresAfter those behind this event; all of the row's, if it is null
 * @param failures new ones
 */
public record RowWrite(
        String key,
        @Nullable StoredRow row,
        long imagesUpTo,
        List<RowImage> images,
        boolean refolded,
        @Nullable EventId failuresAfter,
        List<Failure> failures) {
    public RowWrite {
        images = List.copyOf(images);
        failures = List.copyOf(failures);
    }

    /** How many bytes its states have. */
    public long bytes() {
        return size(row == null ? null : row.state())
                + images.stream().mapToLong(image -> size(image.state())).sum();
    }

    private static long size(byte @Nullable [] state) {
        return state == null ? 0 : state.length;
    }

    /** Whether a row as long as this one keeps an image of so many events; {@link #imagesUpTo} stands beside that. */
    public boolean keepsImage(long count) {
        return row != null && AfterImages.keeps(row.count(), count);
    }
}
