package dev.evstore.core.projection;

/** What waiting for a transaction came to (rule E3). */
public enum Applied {
    /** What is served reflects it; also if the projection's filter rejects all of it. */
    APPLIED,
    /** It was visible, and is not any more. */
    RETRACTED,
    /** It has never been here. */
    UNKNOWN,
    /** The projection is paused. */
    PAUSED,
    /** The projection failed. */
    FAILED,
    /** The time was up before any of these. */
    TIMED_OUT
}
