package dev.evstore.testkit;

import dev.evstore.core.event.EventType;
import dev.evstore.core.event.Origin;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.history.TransactionHeader.Free;
import dev.evstore.core.history.TransactionHeader.Slot;
import dev.evstore.core.history.TransactionHeader.Superseding;
import dev.evstore.core.history.TransactionHeader.Write;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Builds transaction headers without bytes behind them. The trailer is a hash over everything said here, so equal
 * headers have equal trailers and others do not; it is not what the format would compute. Not thread-safe.
 */
public final class Headers {

    private final TransactionId id;
    private final SortedMap<TransactionId, String> parents = new TreeMap<>();
    private final SortedMap<StreamId, Write> writes = new TreeMap<>();
    private final SortedMap<StreamId, List<TransactionId>> reads = new TreeMap<>();
    private final List<Slot> events = new ArrayList<>();
    private int format = 1;
    private @Nullable Origin origin;
    private @Nullable String meta;

    private Headers(TransactionId id) {
        this.id = id;
        this.origin = id.isMerge() ? null : origin(0, 1, Instant.ofEpochMilli(id.millis()));
    }

    /** An ordinary transaction's id. */
    public static TransactionId id(long millis, long tail) {
        return new TransactionId(millis << 16 | 7 << 12, 2L << 62 | tail);
    }

    /** A merge transaction's id. */
    public static TransactionId mergeId(long millis, long tail) {
        return new TransactionId(millis << 16 | 8 << 12, 2L << 62 | tail);
    }

    public static Headers of(TransactionId id) {
        return new Headers(id);
    }

    /** An ordinary transaction of that millisecond. */
    public static Headers at(long millis) {
        return new Headers(id(millis, 0));
    }

    /** A merge transaction of that millisecond. */
    public static Headers mergeAt(long millis) {
        return new Headers(mergeId(millis, 0));
    }

    /** Writes the stream with one event, superseding these heads. */
    public Headers writes(String stream, TransactionHeader... heads) {
        return claims(stream, ids(heads)).events(stream, 1);
    }

    /** Names the stream as written, superseding these heads, without an event of its own. */
    public Headers claims(String stream, Collection<TransactionId> heads) {
        writes.put(StreamId.of(stream), new Superseding(List.copyOf(new TreeSet<>(heads))));
        return this;
    }

    /** Writes the stream freely with one event. */
    public Headers free(String stream) {
        writes.put(StreamId.of(stream), new Free());
        return events(stream, 1);
    }

    public Headers reads(String stream, TransactionHeader... heads) {
        return reads(stream, ids(heads));
    }

    public Headers reads(String stream, Collection<TransactionId> heads) {
        reads.put(StreamId.of(stream), List.copyOf(new TreeSet<>(heads)));
        return this;
    }

    public Headers events(String stream, int count) {
        for (int k = 0; k < count; k++) {
            events.add(new Slot(StreamId.of(stream), EventType.of("Happened"), List.of("tag"), false));
        }
        return this;
    }

    public Headers parents(TransactionHeader... seen) {
        return parents(Arrays.asList(seen));
    }

    public Headers parents(Collection<TransactionHeader> seen) {
        seen.forEach(parent -> parents.put(parent.id(), parent.trailer().half()));
        return this;
    }

    public Headers by(int replica, long sequence) {
        this.origin = origin(replica, sequence, Instant.ofEpochMilli(id.millis()));
        return this;
    }

    /** The writer's wall clock, where it is not what the id says. */
    public Headers clock(Instant at) {
        this.origin = origin(0, 1, at);
        return this;
    }

    /** A transaction of a newer format, whose events are opaque. */
    public Headers newer() {
        this.format = 2;
        this.origin = null;
        return this;
    }

    /** Other contents, so another trailer. */
    public Headers saying(String what) {
        this.meta = "{\"says\":\"" + what + "\"}";
        return this;
    }

    public TransactionHeader build() {
        String all = id + " " + format + origin + parents + writes + reads + meta + events;
        Sha256 trailer = Sha256.hash(all.getBytes(StandardCharsets.UTF_8));
        return new TransactionHeader(id, trailer, format, origin, parents, writes, reads, null, meta, events);
    }

    /** A copy of the same transaction with one more event redacted; tags go with the payload. */
    public static TransactionHeader redacted(TransactionHeader of, int ordinal) {
        List<Slot> events = new ArrayList<>(of.events());
        Slot slot = events.get(ordinal);
        events.set(ordinal, new Slot(slot.stream(), slot.type(), List.of(), true));
        return new TransactionHeader(
                of.id(),
                of.trailer(),
                of.format(),
                of.origin(),
                of.parents(),
                of.writes(),
                of.reads(),
                of.command(),
                of.meta(),
                events);
    }

    private static List<TransactionId> ids(TransactionHeader... headers) {
        return Arrays.stream(headers).map(TransactionHeader::id).toList();
    }

    private static Origin origin(int replica, long sequence, Instant at) {
        return new Origin(new ReplicaId(new UUID(0, replica)), sequence, Origin.format(at));
    }
}
