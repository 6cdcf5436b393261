package dev.evstore.core;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One transaction to be appended: events for one or more streams, what is expected of each, and what was only read.
 * Immutable; every method gives a new one.
 *
 * @param expectations every stream written, and what is expected of it
 * @param events the events in the transaction's order, each with its stream
 * @param reads streams that the decision depended on and that are not written, as they were read
 * @param command an idempotency key of 1..200 code points, or null: appended again, the first result comes back
 * @param meta the transaction's metadata, a JSON object's text, or null
 * @param forks what to do about streams that are forked
 */
public record Append(
        Map<StreamId, ExpectedVersion> expectations,
        List<Entry> events,
        Map<StreamId, StreamState> reads,
        @Nullable String command,
        @Nullable String meta,
        ForkPolicy forks) {

    /**
     * @throws IllegalArgumentException if there are no events, a stream has none, or a stream is both written and read
     */
    public Append {
        expectations = Collections.unmodifiableMap(new LinkedHashMap<>(expectations));
        events = List.copyOf(events);
        reads = Collections.unmodifiableMap(new LinkedHashMap<>(reads));
        if (events.isEmpty()) {
            throw new IllegalArgumentException("an append has at least one event");
        }
        for (StreamId stream : expectations.keySet()) {
            if (events.stream().noneMatch(entry -> entry.stream().equals(stream))) {
                throw new IllegalArgumentException(
                        "an append has an event for each stream it names, but none for " + stream);
            }
            if (reads.containsKey(stream)) {
                throw new IllegalArgumentException("a stream is written or only read, not both: " + stream);
            }
        }
        for (Entry entry : events) {
            if (!expectations.containsKey(entry.stream())) {
                throw new IllegalArgumentException("nothing says what is expected of " + entry.stream());
            }
        }
    }

    /** An append that accepts forks. */
    public Append(
            Map<StreamId, ExpectedVersion> expectations,
            List<Entry> events,
            Map<StreamId, StreamState> reads,
            @Nullable String command,
            @Nullable String meta) {
        this(expectations, events, reads, command, meta, ForkPolicy.ACCEPT);
    }

    /**
     * @param stream where it goes
     * @param event what happened
     */
    public record Entry(StreamId stream, NewEvent event) {}

    /** A transaction on one stream. */
    public static Append to(StreamId stream, ExpectedVersion expected, NewEvent... events) {
        return new Append(Map.of(stream, expected), entries(stream, events), Map.of(), null, null);
    }

    /**
     * And these events after those before, on another stream or again on one already named.
     *
     * @throws IllegalArgumentException if the stream was named with another expectation
     */
    public Append and(StreamId stream, ExpectedVersion expected, NewEvent... more) {
        Map<StreamId, ExpectedVersion> all = new LinkedHashMap<>(expectations);
        ExpectedVersion before = all.put(stream, expected);
        if (before != null && !before.equals(expected)) {
            throw new IllegalArgumentException("two expectations of " + stream + ": " + before + " and " + expected);
        }
        List<Entry> entries = new ArrayList<>(events);
        entries.addAll(entries(stream, more));
        return new Append(all, entries, reads, command, meta, forks);
    }

    /** The decision depended on this stream as it was read: if it has changed, the append conflicts. */
    public Append reading(StreamId stream, StreamState state) {
        Map<StreamId, StreamState> all = new LinkedHashMap<>(reads);
        all.put(stream, state);
        return new Append(expectations, events, all, command, meta, forks);
    }

    /** With an idempotency key. */
    public Append command(String key) {
        return new Append(expectations, events, reads, key, meta, forks);
    }

    /**
     * @param json a JSON object that becomes the transaction's metadata
     */
    public Append meta(String json) {
        return new Append(expectations, events, reads, command, json, forks);
    }

    /** With another way to treat streams that are forked; {@link ForkPolicy#ACCEPT} unless said. */
    public Append forks(ForkPolicy policy) {
        return new Append(expectations, events, reads, command, meta, policy);
    }

    private static List<Entry> entries(StreamId stream, NewEvent... events) {
        List<Entry> entries = new ArrayList<>();
        for (NewEvent event : events) {
            entries.add(new Entry(stream, event));
        }
        return entries;
    }
}
