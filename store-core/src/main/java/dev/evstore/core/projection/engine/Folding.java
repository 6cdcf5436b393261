package dev.evstore.core.projection.engine;

import dev.evstore.core.UndecodableEventException;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.projection.Effects;
import dev.evstore.core.projection.ErrorPolicy;
import dev.evstore.core.projection.ProjectedEvent;
import dev.evstore.core.projection.ProjectedRedaction;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.UnfoldableEventException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Gives events to a projection's functions, and knows what becomes of those that fail (rules R4, O6). Not thread-safe.
 *
 * @param <S> the state of a row
 */
final class Folding<S> {

    /** About as much is what stands beside an event's payload. */
    private static final long HEADER_BYTES = 200;

    private final Projection<S> projection;
    private final EventCodec<?> codec;
    private final Effects effects;
    private final Set<EventId> excluded;
    /** Those of them that are not given away to be written. */
    private Set<EventId> newlyExcluded = new HashSet<>();

    private List<Failure> keyless = new ArrayList<>();
    /** Those of {@link #keyless} that are void: what became of their events. */
    private Map<EventId, Failure> decided = new HashMap<>();

    private Set<TransactionId> keylessGone = new HashSet<>();
    private long redacted;
    private long given;

    /**
     * @param excluded events that are given to no row
     * @param redacted how many redacted events were passed over so far
     */
    Folding(
            Projection<S> projection,
            EventCodec<?> codec,
            Effects effects,
            Collection<EventId> excluded,
            long redacted) {
        this.effects = effects;
        this.projection = projection;
        this.codec = codec;
        this.excluded = new HashSet<>(excluded);
        this.redacted = redacted;
    }

    /** What becomes of an event that fails. */
    interface OnError {
        ErrorPolicy of(EventId event);
    }

    /**
     * An event on its way into rows.
     *
     * @param readable null of what has no payload that this version can read
     */
    record Incoming(StoredEvent event, @Nullable ProjectedEvent readable) {
        EventId id() {
            return event.id();
        }

        /** About how many bytes of it may get into a state. */
        long bytes() {
            return HEADER_BYTES
                    + (event instanceof RecordedEvent recorded ? recorded.data().length() : 0);
        }
    }

    Incoming incoming(StoredEvent event) {
        return new Incoming(
                event, event instanceof RecordedEvent recorded ? new ProjectedEvent(recorded, codec, effects) : null);
    }

    /** Whether an event is given to no row since its payload was taken out (rule O6). */
    boolean passesOver(StoredEvent event) {
        return event instanceof RedactedEvent
                && (!projection.handlesRedacted() || projection.kind() == Projection.Kind.KEYED);
    }

    /**
     * The rows an event is to be given to. Of one that is excluded, too, where that can be told.
     *
     * @param policy if it can't be told
     */
    Collection<String> keys(Incoming incoming, OnError policy) {
        if (passesOver(incoming.event())) {
            redacted++;
            return List.of();
        }
        if (incoming.event() instanceof RedactedEvent) {
            return List.of(ownKey(incoming.event()));
        }
        if (projection.kind() != Projection.Kind.KEYED) {
            return concerns(incoming) ? List.of(ownKey(incoming.event())) : List.of();
        }
        try {
            ProjectedEvent readable = readable(incoming);
            return projection.handler(readable) == null ? List.of() : projection.keys(readable);
        } catch (RuntimeException e) {
            if (!excluded.contains(incoming.id())) {
                keyless.add(failure("", incoming.id(), e, policy));
            }
            return List.of();
        }
    }

    private String ownKey(StoredEvent event) {
        return projection.kind() == Projection.Kind.SINGLE ? "" : event.stream().value();
    }

    /** Whether there is a handler, or it can't be told: then giving it will fail, at its place. */
    private boolean concerns(Incoming incoming) {
        try {
            return projection.handler(readable(incoming)) != null;
        } catch (UndecodableEventException e) {
            return true;
        }
    }

    private static ProjectedEvent readable(Incoming incoming) {
        ProjectedEvent readable = incoming.readable();
        if (readable == null) {
            throw new UndecodableEventException(
                    incoming.event(), UndecodableEventException.Reason.NEWER_FORMAT, null, null);
        }
        return readable;
    }

    /** Gives an event to a row of its; the row is as it was if that fails (rule R4). */
    void give(Row<S> row, Incoming incoming, OnError policy) {
        EventId id = incoming.id();
        if (excluded.contains(id)) {
            return;
        }
        S before = row.state;
        S next;
        try {
            S from = before == null ? projection.initial(row.key) : before;
            if (incoming.event() instanceof RedactedEvent event) {
                BiFunction<S, ProjectedRedaction, @Nullable S> handler = projection.redactedHandler();
                if (handler == null) {
                    return;
                }
                next = handler.apply(from, ProjectedRedaction.of(event));
            } else {
                ProjectedEvent readable = readable(incoming);
                BiFunction<S, ProjectedEvent, @Nullable S> handler = projection.handler(readable);
                if (handler == null) {
                    return;
                }
                next = handler.apply(from, readable);
            }
        } catch (UnwrittenException e) {
            throw e; // nothing is wrong with the event
        } catch (RuntimeException e) {
            row.failures.add(failure(row.key, id, e, policy));
            next = before;
        }
        row.given(id, next, incoming.bytes());
        given++;
    }

    private static Failure failure(String key, EventId event, RuntimeException thrown, OnError onError) {
        ErrorPolicy policy = onError.of(event);
        if (policy == ErrorPolicy.STOP) {
            throw ProjectionFailedException.withheld(said(thrown), event.toString(), thrown);
        }
        return new Failure(key, event, said(thrown), policy == ErrorPolicy.PARK);
    }

    /** Without what a handler's message may quote of a payload (rule R7). */
    private static String said(RuntimeException thrown) {
        if (thrown instanceof UnfoldableEventException unfoldable) {
            return String.valueOf(unfoldable.getMessage());
        }
        return thrown instanceof UndecodableEventException undecodable
                ? "it can't be decoded: " + undecodable.reason()
                : "a handler threw " + thrown.getClass().getName();
    }

    void exclude(Collection<EventId> events) {
        excluded.addAll(events);
        newlyExcluded.addAll(events);
    }

    /** What is excluded since the last time. */
    Set<EventId> freezeExcluded() {
        Set<EventId> frozen = newlyExcluded;
        newlyExcluded = new HashSet<>();
        return frozen;
    }

    /** What failed of a transaction's events without a row is void. */
    void forgetKeyless(TransactionId transaction) {
        keyless.removeIf(failure -> {
            boolean gone = failure.event().transaction().equals(transaction);
            if (gone) {
                decided.put(failure.event(), failure);
            }
            return gone;
        });
        keylessGone.add(transaction);
    }

    /** What became of an event whose rows could not be told, if that is not written yet. */
    @Nullable
    Failure decided(EventId event) {
        return decided.get(event);
    }

    /** How many exclusions, and changes of failures without a row, wait. */
    int changed() {
        return keyless.size() + keylessGone.size() + newlyExcluded.size();
    }

    /** What failed without a row since the last time, and of which transactions what failed before is void. */
    record Keyless(List<Failure> failures, Set<TransactionId> gone) {
        Keyless {
            failures = List.copyOf(failures);
            gone = Set.copyOf(gone);
        }
    }

    Keyless freezeKeyless() {
        Keyless frozen = new Keyless(keyless, keylessGone);
        keyless = new ArrayList<>();
        keylessGone = new HashSet<>();
        decided = new HashMap<>();
        return frozen;
    }

    long given() {
        return given;
    }

    long redacted() {
        return redacted;
    }
}
