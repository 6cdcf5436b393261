package dev.evstore.testkit;

/**
 * One thing that happens in a made-up history. Numbers mean what their kind takes them for, modulo what there is, so
 * every list of steps can be played.
 *
 * @param kind what happens
 * @param replica to whom
 * @param stream the stream written, or resolved
 * @param other another stream, or another replica
 * @param count how many events, or how much is seen
 */
public record Step(Kind kind, int replica, int stream, int other, int count) {

    /** What can happen. */
    public enum Kind {
        /** A replica writes one stream. */
        APPEND,
        /** A replica writes two streams at once. */
        APPEND_BOTH,
        /** A replica writes one stream and another freely. */
        APPEND_AND_NOTE,
        /** A replica writes a stream freely. */
        NOTE,
        /** A replica writes one stream, having read another. */
        DECIDE,
        /** A replica sees all that another has. */
        PULL,
        /** A replica sees every so-manieth transaction that another has. */
        PICK,
        /** A replica resolves one forked stream. */
        MERGE,
        /** A replica resolves all forked streams at once. */
        MERGE_ALL
    }
}
