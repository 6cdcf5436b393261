package dev.evstore.testkit;

import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.List;

/**
 * One thing wrong with a history.
 *
 * @param kind what
 * @param which with which transaction, modulo how many there are
 * @param how its particulars
 */
record Twist(Kind kind, int which, int how) {

    /** What can be wrong. */
    enum Kind {
        /** It never came. */
        MISSING,
        /** It is there twice. */
        COPY,
        /** It is there a second time, with an event redacted. */
        REDACTED_COPY,
        /** Its id is there a second time, with other contents. */
        VARIANT,
        /** Somebody names it as head of a stream, whether it writes that or not. */
        MISNAMED,
        /** Somebody with a clock far ahead builds on it. */
        FAR_FUTURE,
        /** It stands elsewhere than order would have it. */
        MOVED
    }

    /** First millisecond of the year 9999, and the last one an id can hold. */
    private static final long[] FAR = {253_370_764_800_000L, TransactionId.MAX_MILLIS};

    static List<TransactionHeader> all(List<Twist> twists, List<TransactionHeader> honest) {
        List<TransactionHeader> all = new ArrayList<>(honest);
        for (int k = 0; k < twists.size() && !all.isEmpty(); k++) {
            twists.get(k).apply(all, k);
        }
        return List.copyOf(all);
    }

    private void apply(List<TransactionHeader> all, int tail) {
        TransactionHeader it = all.get(which % all.size());
        String stream = Replay.STREAMS.get(how % Replay.STREAMS.size());
        switch (kind) {
            case MISSING -> all.remove(it);
            case COPY -> all.add(it);
            case REDACTED_COPY -> {
                if (!it.events().isEmpty()) {
                    all.add(Headers.redacted(it, how % it.events().size()));
                }
            }
            case VARIANT -> all.add(variant(it));
            case MISNAMED -> {
                if (it.id().millis() < FAR[0]) {
                    TransactionId id = Headers.id(it.id().millis() + 1, 1000 + tail);
                    all.add(Headers.of(id)
                            .by(9, tail + 1)
                            .claims(stream, List.of(it.id()))
                            .events(stream, 1)
                            .build());
                }
            }
            case FAR_FUTURE -> {
                if (it.id().millis() < FAR[0]) {
                    List<TransactionId> heads = it.claims(StreamId.of(stream)) ? List.of(it.id()) : List.of();
                    all.add(Headers.of(Headers.id(FAR[how % 2], tail))
                            .claims(stream, heads)
                            .events(stream, 1)
                            .parents(it)
                            .build());
                }
            }
            case MOVED -> {
                all.remove(it);
                all.add(how % (all.size() + 1), it);
            }
        }
    }

    /** The same id, but it says something else; now and then it supersedes nothing. */
    private TransactionHeader variant(TransactionHeader it) {
        Headers other = Headers.of(it.id()).saying("variant " + how);
        it.writes()
                .forEach((stream, write) -> other.claims(
                                stream.value(), how % 2 == 0 ? it.supersedes(stream) : List.of())
                        .events(stream.value(), 1));
        return other.build();
    }
}
