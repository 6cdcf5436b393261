package dev.evstore.core.history;

import dev.evstore.core.event.EventType;
import dev.evstore.core.event.Origin;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a valid transaction says, without payloads: everything order, heads, forks and digests depend on. Two headers
 * of one id and trailer can differ in {@link Slot#redacted()} alone. Immutable.
 *
 * @param id its identity and place
 * @param trailer the hash over all of it
 * @param format the format's version, from 1; of a newer one (2 and up) the events are opaque
 * @param origin who wrote it; null for a merge transaction and for one of a newer format
 * @param parents the store's heads its writer saw: id to the first 32 hex digits of the trailer seen
 * @param writes every stream it names as written, and how
 * @param reads streams the decision depended on, with the heads seen
 * @param command the caller's idempotency key, or null
 * @param meta the JSON object's text, or null
 * @param events its events in order
 */
public record TransactionHeader(
        TransactionId id,
        Sha256 trailer,
        int format,
        @Nullable Origin origin,
        SortedMap<TransactionId, String> parents,
        SortedMap<StreamId, Write> writes,
        SortedMap<StreamId, List<TransactionId>> reads,
        @Nullable String command,
        @Nullable String meta,
        List<Slot> events) {

    public TransactionHeader {
        parents = Collections.unmodifiableSortedMap(new TreeMap<>(parents));
        writes = Collections.unmodifiableSortedMap(new TreeMap<>(writes));
        reads = Collections.unmodifiableSortedMap(new TreeMap<>(reads));
        events = List.copyOf(events);
    }

    /** How a transaction writes a stream. */
    public sealed interface Write permits Superseding, Free {}

    /**
     * It builds on what was there.
     *
     * @param heads the heads it supersedes, ascending: 0 or 1 of an ordinary transaction, 2 or more of a merge
     */
    public record Superseding(List<TransactionId> heads) implements Write {
        public Superseding {
            heads = List.copyOf(heads);
        }
    }

    /** It claims nothing about what was there: no head, supersedes nothing, never forks. */
    public record Free() implements Write {}

    /**
     * An event without its payload.
     *
     * @param redacted whether the line here has been redacted
     */
    public record Slot(StreamId stream, EventType type, List<String> tags, boolean redacted) {
        public Slot {
            tags = List.copyOf(tags);
        }
    }

    /** Whether this is a merge transaction. */
    public boolean isMerge() {
        return id.isMerge();
    }

    /** Whether this is of a newer format, so that its streams are read-only here (rule V3). */
    public boolean isNewer() {
        return format > 1;
    }

    /** The heads this transaction supersedes in a stream: none if it doesn't write it, or freely. */
    public List<TransactionId> supersedes(StreamId stream) {
        return writes.get(stream) instanceof Superseding s ? s.heads() : List.of();
    }

    /** Whether it is a writer of the stream that can be a head. */
    public boolean claims(StreamId stream) {
        return writes.get(stream) instanceof Superseding;
    }

    /** The ordinals redacted here, ascending. */
    public Set<Integer> redacted() {
        return IntStream.range(0, events.size())
                .filter(k -> events.get(k).redacted())
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The same transaction with these events redacted, too; a redacted line has lost its tags. */
    public TransactionHeader redacting(Set<Integer> ordinals) {
        List<Slot> left = IntStream.range(0, events.size())
                .mapToObj(k -> {
                    Slot slot = events.get(k);
                    return ordinals.contains(k) ? new Slot(slot.stream(), slot.type(), List.of(), true) : slot;
                })
                .toList();
        return new TransactionHeader(id, trailer, format, origin, parents, writes, reads, command, meta, left);
    }

    /** This transaction's part of every digest it counts in. */
    public Digest digest() {
        return Digest.of(id, trailer, redacted());
    }
}
