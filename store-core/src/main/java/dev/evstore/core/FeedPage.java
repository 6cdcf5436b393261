package dev.evstore.core;

import java.util.List;

/**
 * A page of the feed. Immutable.
 *
 * @param entries retractions first, then arrivals; no transaction is split over pages
 * @param next where to go on, whether there are entries or not
 * @param atEnd whether nothing was left after this page when it was read; an empty page alone does not say so
 * @param generation how many late arrivals and retractions this epoch had (rule P8): if it has not moved, folding on
 *     from the last page in order is right
 */
public record FeedPage(List<FeedEntry> entries, FeedCursor next, boolean atEnd, long generation) {
    public FeedPage {
        entries = List.copyOf(entries);
    }
}
