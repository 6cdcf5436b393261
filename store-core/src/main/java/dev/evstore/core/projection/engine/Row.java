package dev.evstore.core.projection.engine;

import dev.evstore.core.id.EventId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row in memory, ahead of what is kept. Not thread-safe. */
final class Row<S> {

    /** About as much is a failure that is listed. */
    private static final long FAILURE_BYTES = 200;

    final String key;
    /** Null where there is no row to be seen. */
    @Nullable
    S state;
    /** Null as long as it has no event. */
    @Nullable
    EventId mark;

    long count;
    /** How many bytes its state had when it was read or written last, and those of the events that changed it since. */
    long size;

    /** As how much it counts among all that is in memory. */
    long counted;

    boolean dirty;
    /** The last batch it was part of: until that is written, it is known here alone. */
    long batch;

    /** Since it was frozen last: new images, those kept that are void, and the same of failures. */
    AfterImages<S> images = new AfterImages<>();

    long imagesUpTo = Long.MAX_VALUE;
    boolean refolded;

    @Nullable
    EventId failuresAfter;

    List<Failure> failures = new ArrayList<>();

    /** What became, since it was frozen last, of events that are to be given again. */
    Map<EventId, Failure> decided = new HashMap<>();

    private final boolean imaged;

    /**
     * @param imaged whether it may be folded again from its images
     */
    Row(String key, boolean imaged) {
        this.key = key;
        this.imaged = imaged;
    }

    /**
     * An event was given to it, whatever came of that.
     *
     * @param bytes of the event: that the state is larger by more is seen when it is written
     */
    void given(EventId event, @Nullable S next, long bytes) {
        if (next == null) {
            size = 0;
        } else if (next != state) {
            size += bytes;
        }
        state = next;
        mark = event;
        count++;
        dirty = true;
        if (imaged) {
            images.add(new AfterImages.Image<>(count, event, next, size));
        }
    }

    /** About how many bytes of it are in memory. */
    long held() {
        return size + images.bytes() + FAILURE_BYTES * (failures.size() + decided.size());
    }

    /** Back to what it was before some place, or to its start: what came behind is to be given again. */
    void rewind(AfterImages.@Nullable Image<S> to) {
        EventId toMark = to == null ? null : to.at();
        state = to == null ? null : to.state();
        size = to == null ? 0 : to.size();
        mark = toMark;
        count = to == null ? 0 : to.count();
        dirty = true;
        images.dropAbove(count);
        imagesUpTo = Math.min(imagesUpTo, count);
        failures.removeIf(failure -> {
            boolean behind = toMark == null || failure.event().compareTo(toMark) > 0;
            if (behind) {
                decided.put(failure.event(), failure);
            }
            return behind;
        });
        if (!refolded || toMark == null || (failuresAfter != null && failuresAfter.compareTo(toMark) > 0)) {
            failuresAfter = toMark;
        }
        refolded = true;
    }

    /** What there was to write of it is frozen. */
    void frozen(long inBatch) {
        dirty = false;
        batch = inBatch;
        images = new AfterImages<>();
        imagesUpTo = Long.MAX_VALUE;
        refolded = false;
        failuresAfter = null;
        failures = new ArrayList<>();
        decided = new HashMap<>();
    }
}
