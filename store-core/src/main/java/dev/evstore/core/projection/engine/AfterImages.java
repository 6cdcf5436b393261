package dev.evstore.core.projection.engine;

import dev.evstore.core.id.EventId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * States of one row after some of its events, the sparser the older: an image after {@code n} of {@code N} events stays
 * while {@code N - n <= 4 * 2^(trailing zeros of n)}. So about {@code 2 log2 N} of them let a fold go on from a place that
 * is at most twice as far from the end as the place asked for (rule O3). Not thread-safe.
 *
 * @param <S> the state
 */
final class AfterImages<S> {

    /** Rows of fewer events are folded from their start. */
    static final long FROM = 256;

    /** Of one level, at most so many are ever kept: they are {@code 2^(level + 1)} apart. */
    private static final int OF_A_LEVEL = 3;

    /** By trailing zeros, oldest first. */
    private final List<Deque<Image<S>>> levels = new ArrayList<>();

    private long bytes;

    /**
     * @param size about how many bytes the state has
     */
    record Image<S>(long count, EventId at, @Nullable S state, long size) {}

    /** About how many bytes all of them have. */
    long bytes() {
        return bytes;
    }

    /** Whether a row of {@code total} events keeps the image after {@code count} of them. */
    static boolean keeps(long total, long count) {
        return count >= FROM && count <= total && total - count <= 4 * Long.lowestOneBit(count);
    }

    /** The row has had one more event. */
    void add(Image<S> image) {
        if (image.count() < FROM) {
            return;
        }
        int level = Long.numberOfTrailingZeros(image.count());
        while (levels.size() <= level) {
            levels.add(new ArrayDeque<>());
        }
        Deque<Image<S>> images = levels.get(level);
        images.addLast(image);
        bytes += image.size();
        if (images.size() > OF_A_LEVEL) {
            bytes -= images.removeFirst().size();
        }
    }

    /** The newest one before a place, or null. */
    @Nullable
    Image<S> before(EventId place) {
        Image<S> newest = null;
        for (Deque<Image<S>> images : levels) {
            for (Image<S> image : images) {
                if (image.at().compareTo(place) < 0 && (newest == null || image.count() > newest.count())) {
                    newest = image;
                }
            }
        }
        return newest;
    }

    /** The images after more than {@code count} events are void. */
    void dropAbove(long count) {
        for (Deque<Image<S>> images : levels) {
            while (!images.isEmpty() && images.getLast().count() > count) {
                bytes -= images.removeLast().size();
            }
        }
    }

    /** Those that a row of {@code total} events keeps, oldest first. */
    List<Image<S>> kept(long total) {
        return levels.stream()
                .flatMap(Deque::stream)
                .filter(image -> keeps(total, image.count()))
                .sorted(Comparator.comparingLong(Image::count))
                .toList();
    }
}
