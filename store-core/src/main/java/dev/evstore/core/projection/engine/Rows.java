package dev.evstore.core.projection.engine;

import dev.evstore.core.id.EventId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows that are in memory: those that changed, those that are being written, and, as long as there is room, those
 * that were used last. Not thread-safe.
 */
final class Rows<S> {

    private final RowStore store;
    private final StateCodec<S> codec;
    private final EngineLimits limits;
    private final boolean imaged;
    /** In the order of their last use. */
    private final Map<String, Row<S>> rows = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<String, Row<S>> dirty = new LinkedHashMap<>();
    private long bytes;
    private long dirtyBytes;
    private long frozen;
    private long written;

    /**
     * @param imaged whether rows are ever folded again, so that images of them are kept
     */
    Rows(RowStore store, StateCodec<S> codec, EngineLimits limits, boolean imaged) {
        this.store = store;
        this.codec = codec;
        this.limits = limits;
        this.imaged = imaged;
    }

    /** A row, whether it has been there or not. */
    Row<S> get(String key) {
        Row<S> row = rows.get(key);
        if (row == null) {
            row = new Row<>(key, imaged);
            StoredRow stored = store.row(key);
            if (stored != null) {
                row.state = codec.decode(stored.mark(), stored.state());
                row.mark = stored.mark();
                row.count = stored.count();
                row.size = size(stored.state());
            }
            rows.put(key, row);
            row.counted = row.held();
            bytes += row.counted;
        }
        return row;
    }

    /** To be called after a row was changed. */
    void changed(Row<S> row) {
        if (row.dirty && dirty.putIfAbsent(row.key, row) == null) {
            dirtyBytes += row.counted;
        }
        count(row);
    }

    private void count(Row<S> row) {
        long held = row.held();
        bytes += held - row.counted;
        if (dirty.containsKey(row.key)) {
            dirtyBytes += held - row.counted;
        }
        row.counted = held;
    }

    int waiting() {
        return dirty.size();
    }

    boolean anyDirty() {
        return !dirty.isEmpty();
    }

    /** Whether what is not frozen yet is as much as may be held. */
    boolean full() {
        return dirty.size() >= limits.changes() || dirtyBytes >= limits.bytes();
    }

    /** The image to go on from, for a fold from {@code place} on; null if that is the row's start. */
    AfterImages.@Nullable Image<S> before(Row<S> row, EventId place) {
        AfterImages.Image<S> fresh = row.images.before(place);
        if (fresh != null || row.count < AfterImages.FROM) {
            return fresh; // what is kept and not void is older
        }
        RowImage stored = store.image(row.key, Math.min(row.imagesUpTo, row.count), place);
        if (stored == null) {
            return null;
        }
        return new AfterImages.Image<>(
                stored.count(), stored.at(), codec.decode(stored.at(), stored.state()), size(stored.state()));
    }

    /**
     * What there is to write, or, where that is more bytes than may be held, a part of it; from then on it counts as being
     * written.
     */
    List<RowWrite> freeze() {
        frozen++;
        List<RowWrite> writes = new ArrayList<>();
        long written = 0;
        Iterator<Row<S>> waiting = dirty.values().iterator();
        while (waiting.hasNext() && written < limits.bytes()) {
            Row<S> row = waiting.next();
            RowWrite write = write(row);
            writes.add(write);
            written += write.bytes();
            row.frozen(frozen);
            count(row);
            dirtyBytes -= row.counted;
            waiting.remove();
        }
        return writes;
    }

    private RowWrite write(Row<S> row) {
        StoredRow stored = null;
        List<RowImage> images = new ArrayList<>();
        EventId mark = row.mark;
        if (mark != null) {
            byte[] state = codec.encode(mark, row.state);
            row.size = size(state);
            stored = new StoredRow(state, mark, row.count);
            for (AfterImages.Image<S> image : row.images.kept(row.count)) {
                boolean last = image.count() == row.count;
                images.add(new RowImage(
                        image.count(), image.at(), last ? state : codec.encode(image.at(), image.state())));
            }
        }
        return new RowWrite(row.key, stored, row.imagesUpTo, images, row.refolded, row.failuresAfter, row.failures);
    }

    /** How many batches were frozen so far. */
    long frozen() {
        return frozen;
    }

    /** All batches up to that one are written. */
    void written(long batch) {
        written = Math.max(written, batch);
    }

    /** Lets go of what is written and was not used for long, while there is too much (rule W3). */
    void trim() {
        Iterator<Row<S>> oldest = rows.values().iterator();
        while ((rows.size() > 2L * limits.changes() || bytes > limits.bytes()) && oldest.hasNext()) {
            Row<S> row = oldest.next();
            if (!row.dirty && row.batch <= written) {
                bytes -= row.counted;
                oldest.remove();
            }
        }
    }

    /** Whether two states are the same, byte for byte. */
    boolean sameState(Row<S> one, Row<S> other) {
        return Arrays.equals(codec.encode(one.mark, one.state), codec.encode(other.mark, other.state));
    }

    private static int size(byte @Nullable [] state) {
        return state == null ? 0 : state.length;
    }
}
