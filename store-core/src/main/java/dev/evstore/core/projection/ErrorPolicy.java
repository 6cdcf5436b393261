package dev.evstore.core.projection;

/** What becomes of an event whose handler throws, or that can't be decoded (rule R4). */
public enum ErrorPolicy {
    /** The projection fails before anything of the batch is written, and says which event it was. */
    STOP,
    /** The row stays as it was before the event; how many there are is counted. */
    SKIP,
    /** As {@link #SKIP}; the event is listed until it folds, or is dropped. */
    PARK
}
