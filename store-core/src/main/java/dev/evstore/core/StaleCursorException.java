package dev.evstore.core;

/** A cursor is not of this index, or stands where this index has never been (rule P5). */
public final class StaleCursorException extends StoreException {

    private static final long serialVersionUID = 1L;

    public StaleCursorException(FeedCursor cursor, String why) {
        super(
                "The cursor does not belong to this index.",
                "cursor " + cursor + ": " + why,
                "read from the beginning again, or rebuild what was derived from the feed",
                null);
    }
}
