package dev.evstore.core.id;

/**
 * What a reader saw of a stream: its version and the digest of the transactions that name it. Two equal states mean
 * the same events, which an equal version alone does not (a branch switch can put another stream of equal length in
 * its place). Immutable.
 *
 * @param version how many events
 * @param digest which transactions, free ones included
 */
public record StreamState(StreamVersion version, Digest digest) {

    /** The state of a stream that does not exist. */
    public static final StreamState NONE = new StreamState(StreamVersion.NONE, Digest.EMPTY);
}
