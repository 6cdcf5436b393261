package dev.evstore.core;

import dev.evstore.core.id.Names;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a consumer of the feed stands, always at the end of a transaction. Good for the index that gave it and no
 * other; keep it as its text and compare nothing but equality. Immutable.
 *
 * @param epoch which index: 16 lower-case hex digits; empty at the beginning
 * @param arrivals the sequence number of the last arrival seen, 0 for none
 * @param retractions the number of the last retraction seen, 0 for none
 * @param check 32 bits over everything up to there
 */
public record FeedCursor(String epoch, long arrivals, long retractions, int check) {

    private static final FeedCursor BEGINNING = new FeedCursor("", 0, 0, 0);

    private static final Pattern TEXT =
            Pattern.compile("([0-9a-f]{16})-([0-9a-f]{1,15})-([0-9a-f]{1,15})-([0-9a-f]{8})");

    /** Before everything, in any index. A missing checkpoint is not this: whoever means the start says so. */
    public static FeedCursor beginning() {
        return BEGINNING;
    }

    /**
     * @param text what {@link #toString()} gave
     * @throws IllegalArgumentException if it is anything else
     */
    public static FeedCursor of(String text) {
        if (text.equals("beginning")) {
            return BEGINNING;
        }
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a cursor: " + Names.quoted(text)
                    + "; take one from a feed's entry or page, or the word beginning");
        }
        return new FeedCursor(
                parts.group(1),
                Long.parseLong(parts.group(2), 16),
                Long.parseLong(parts.group(3), 16),
                Integer.parseUnsignedInt(parts.group(4), 16));
    }

    public boolean isBeginning() {
        return epoch.isEmpty();
    }

    @Override
    public String toString() {
        return isBeginning()
                ? "beginning"
                : epoch + "-" + Long.toHexString(arrivals) + "-" + Long.toHexString(retractions) + "-"
                        + String.format("%08x", check);
    }
}
