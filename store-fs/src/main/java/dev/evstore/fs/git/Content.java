package dev.evstore.fs.git;

import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * What git holds of a store's files, known by names that change whenever it does: the tree of {@code events/} in HEAD and the
 * checksum of git's index. Immutable.
 */
public record Content(String events, String index) {

    private static final String NONE = "-";

    /** A step from one to another that nobody else had a part in. */
    public record Change(Content from, Content to) {}

    /** The tree of {@code events/}; null for none. */
    @Nullable
    ObjectId tree() {
        return events.equals(NONE) ? null : ObjectId.fromString(events);
    }

    /** Null where that is not to be told: no index, or one without checksum. */
    static @Nullable Content of(EventTrees.@Nullable Entry events, @Nullable String index) {
        return index == null
                ? null
                : new Content(events == null ? NONE : events.id().name(), index);
    }
}
