package dev.evstore.core.projection.engine;

import dev.evstore.core.EventStore;

/**
 * What an engine holds in memory at the most.
 *
 * @param page how many events are read at once, 1 to {@link EventStore#MAX_PAGE}; no result depends on it (rule S6)
 * @param changes rows that are not written yet, and as many again that are (rule W3)
 * @param bytes of the states and images that are not written yet, and as many again that are; as they were when read or
 *     written last, and those of the events given since. Beside them stands what one page or one row comes to. What is
 *     written has so many, too, in each of its parts
 */
public record EngineLimits(int page, int changes, long bytes) {

    /** Pages of 1,000, 100,000 rows, 256 MiB. */
    public static final EngineLimits DEFAULT = new EngineLimits(1_000, 100_000, 256L << 20);

    public EngineLimits {
        if (page < 1 || page > EventStore.MAX_PAGE) {
            throw new IllegalArgumentException("a page has 1 to " + EventStore.MAX_PAGE + " events, not " + page);
        }
        if (changes < 1 || bytes < 1) {
            throw new IllegalArgumentException(
                    "at least one row and one byte have to fit, not " + changes + " and " + bytes);
        }
    }
}
