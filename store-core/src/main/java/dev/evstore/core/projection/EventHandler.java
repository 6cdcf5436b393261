package dev.evstore.core.projection;

import dev.evstore.core.EventStore;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.Subscription;
import dev.evstore.core.SubscriptionHandler;
import dev.evstore.core.SubscriptionOptions;
import dev.evstore.core.UndecodableEventException;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.EventType;
import dev.evstore.core.event.Origin;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.ReplicaId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Side effects of events: mails, calls, jobs. A named {@link Subscription} whose handlers are for classes of events (rule
 * E2).
 *
 * <pre>{@code
 * EventHandler welcome = EventHandler.named("welcome-mails")
 *         .from(SubscriptionOptions.Start.NOW)           // a fresh clone must not send a million mails
 *         .scope(EventHandler.Scope.WRITTEN_HERE)        // nor every clone the same one
 *         .on(Registered.class, (registered, event) -> mails.send(registered.address()))
 *         .build();
 * Subscription running = welcome.subscribe(store, codec);
 * }</pre>
 *
 * <p>Every call happens at least once: after a crash the transaction that was under way is told again. What was told, was
 * told to be retracted and comes back, is not told again. A position of another index fails the subscription until a
 * person says where to go on ({@link Subscription#restart}). Immutable; its functions are called by one thread at a time.
 */
public final class EventHandler {

    /** Whose events it is for. */
    public enum Scope {
        /** Those that this replica wrote. Events of merge transactions belong to no writer, and are left out. */
        WRITTEN_HERE,
        /** All that become visible here. */
        ALL
    }

    /** What is done with an event. */
    public interface Action<E> {
        void run(E value, ProjectedEvent event) throws Exception;
    }

    /** What is done when something that was told is gone. */
    public interface Retraction {
        void run(FeedEntry.Retraction retraction) throws Exception;
    }

    private final String name;
    private final SubscriptionOptions.Start start;
    private final Scope scope;
    private final EventFilter filter;
    private final Map<Class<?>, Action<Object>> actions;
    private final @Nullable Retraction retracted;

    private EventHandler(Builder builder, SubscriptionOptions.Start start, Scope scope) {
        this.name = builder.name;
        this.start = start;
        this.scope = scope;
        this.filter = builder.filter;
        this.actions = Map.copyOf(builder.actions);
        this.retracted = builder.retracted;
    }

    /**
     * A handler to be.
     *
     * @param name whose position it is; as of {@link EventStore#subscribe}
     */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** Gathers what a handler does. Start and scope have no default. For one thread. */
    public static final class Builder {

        private final String name;
        private final Map<Class<?>, Action<Object>> actions = new LinkedHashMap<>();
        private EventFilter filter = EventFilter.all();
        private SubscriptionOptions.@Nullable Start start;
        private @Nullable Scope scope;
        private @Nullable Retraction retracted;

        private Builder(String name) {
            this.name = name;
        }

        /** Where it begins when its name is new to the store. */
        public Builder from(SubscriptionOptions.Start said) {
            start = said;
            return this;
        }

        public Builder scope(Scope said) {
            scope = said;
            return this;
        }

        /** Which events may reach it; all, if nothing is said. */
        public Builder filter(EventFilter said) {
            filter = said;
            return this;
        }

        public <E> Builder on(Class<E> type, Action<? super E> action) {
            if (actions.putIfAbsent(type, (value, event) -> action.run(type.cast(value), event)) != null) {
                throw new IllegalArgumentException("event handler " + name + " handles " + type + " twice");
            }
            return this;
        }

        /** Without this, retractions are remembered and counted. */
        public Builder onRetracted(Retraction action) {
            retracted = action;
            return this;
        }

        /**
         * The handler.
         *
         * @throws IllegalArgumentException start, scope or handlers were not said
         */
        public EventHandler build() {
            SubscriptionOptions.Start saidStart = start;
            Scope saidScope = scope;
            if (saidStart == null || saidScope == null) {
                throw new IllegalArgumentException("event handler " + name
                        + " needs from(BEGINNING | NOW) and scope(WRITTEN_HERE | ALL): neither has a default");
            }
            if (actions.isEmpty()) {
                throw new IllegalArgumentException("event handler " + name + " handles no event");
            }
            return new EventHandler(this, saidStart, saidScope);
        }
    }

    /**
     * Follows a store under the handler's name; see {@link EventStore#subscribe}.
     *
     * @throws IllegalArgumentException it handles a class that the codec does not know, or nothing that its filter lets
     *     through
     */
    public Subscription subscribe(EventStore store, EventCodec<?> codec) {
        return subscribe(store, codec, new Counts());
    }

    /** As {@link #subscribe(EventStore, EventCodec)}, counting what was passed over. */
    public Subscription subscribe(EventStore store, EventCodec<?> codec, Counts counts) {
        SubscriptionOptions options = start == SubscriptionOptions.Start.BEGINNING
                ? SubscriptionOptions.fromBeginning()
                : SubscriptionOptions.fromNow();
        return store.subscribe(name, reaching(codec), options, new Running(store.replica(), codec, counts));
    }

    private EventFilter reaching(EventCodec<?> codec) {
        Set<EventType> types = new HashSet<>();
        for (Class<?> type : actions.keySet()) {
            Set<EventType> ofClass = codec.typesOf(Set.of(type));
            if (ofClass.isEmpty()) {
                throw new IllegalArgumentException(
                        "event handler " + name + " handles " + type + ", which no event type of the codec stands for");
            }
            types.addAll(ofClass);
        }
        if (!filter.types().isEmpty()) {
            types.retainAll(filter.types());
        }
        if (types.isEmpty()) {
            throw new IllegalArgumentException(
                    "event handler " + name + " handles none of the event types that its filter lets through");
        }
        return new EventFilter(filter.streamPrefix(), filter.glob(), types, filter.tags());
    }

    /** What a handler did not act on, since it was subscribed. Thread-safe. */
    public static final class Counts {
        private final AtomicLong redacted = new AtomicLong();
        private final AtomicLong retracted = new AtomicLong();
        private final AtomicLong elsewhere = new AtomicLong();

        /** Redacted events. */
        public long redacted() {
            return redacted.get();
        }

        /** Retractions without a function for them. */
        public long retracted() {
            return retracted.get();
        }

        /** Events that were not written here. */
        public long elsewhere() {
            return elsewhere.get();
        }
    }

    private final class Running implements SubscriptionHandler {

        private final ReplicaId here;
        private final EventCodec<?> codec;
        private final Counts counts;

        Running(ReplicaId here, EventCodec<?> codec, Counts counts) {
            this.here = here;
            this.codec = codec;
            this.counts = counts;
        }

        @Override
        public void onEvent(FeedEntry.Arrival arrival) throws Exception {
            StoredEvent event = arrival.event();
            if (event instanceof RedactedEvent) {
                counts.redacted.incrementAndGet();
                return;
            }
            if (!(event instanceof RecordedEvent recorded)) {
                throw new UndecodableEventException(event, UndecodableEventException.Reason.NEWER_FORMAT, null, null);
            }
            if (scope == Scope.WRITTEN_HERE && !isOwn(recorded.origin())) {
                counts.elsewhere.incrementAndGet();
                return;
            }
            ProjectedEvent readable = new ProjectedEvent(recorded, codec);
            Action<Object> action = actions.get(readable.valueType());
            if (action != null) {
                action.run(readable.value(), readable);
            }
        }

        private boolean isOwn(@Nullable Origin origin) {
            return origin != null && origin.replica().equals(here);
        }

        @Override
        public void onRetracted(FeedEntry.Retraction retraction) throws Exception {
            if (retracted == null) {
                counts.retracted.incrementAndGet();
            } else {
                retracted.run(retraction);
            }
        }
    }
}
