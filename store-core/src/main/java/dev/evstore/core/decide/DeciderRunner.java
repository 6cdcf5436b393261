package dev.evstore.core.decide;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.CommandReusedException;
import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.StoredTransaction;
import dev.evstore.core.StreamSlice;
import dev.evstore.core.UndecodableEventException;
import dev.evstore.core.codec.Decoded;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Runs a decider on the streams of a store: loads, decides, appends with {@code unchanged}, and does all of it again
 * when the stream moved in between.
 *
 * <p>Of a stream that is forked the state is folded from the events of all its heads in canonical order, as it reads. The
 * append goes on with one head and the fork stays (rule F3), unless {@link #appending} says {@link
 * dev.evstore.core.ForkPolicy#REJECT}.
 *
 * <p>A decision about several streams is {@link #load} for each, one {@link Append} that expects each {@code unchanged} or
 * reads it, and a {@link Retry} around both.
 *
 * <p>Immutable; every method with a setting gives a new one. Thread-safe, as decider and snapshots are to be.
 */
public final class DeciderRunner<C, E, S> {

    private final EventStore store;
    private final EventCodec<E> codec;
    private final Decider<C, E, S> decider;
    private final Snapshots<S> snapshots;
    private final int version;
    private final Retry retry;
    private final UnaryOperator<Append> appending;

    private DeciderRunner(
            EventStore store,
            EventCodec<E> codec,
            Decider<C, E, S> decider,
            Snapshots<S> snapshots,
            int version,
            Retry retry,
            UnaryOperator<Append> appending) {
        this.store = store;
        this.codec = codec;
        this.decider = decider;
        this.snapshots = snapshots;
        this.version = version;
        this.retry = retry;
        this.appending = appending;
    }

    /** Without snapshots, with {@link Retry#ATTEMPTS} attempts. */
    public static <C, E, S> DeciderRunner<C, E, S> of(EventStore store, EventCodec<E> codec, Decider<C, E, S> decider) {
        return new DeciderRunner<>(
                store, codec, decider, Snapshots.none(), 1, Retry.upTo(Retry.ATTEMPTS), UnaryOperator.identity());
    }

    /**
     * With snapshots, which are gone on with by code of the same version and shape of state alone.
     *
     * @param declared the version of decider and codec together, from 1: counts up when they would fold the same events to
     *     something else
     */
    public DeciderRunner<C, E, S> snapshots(Snapshots<S> kept, int declared) {
        if (declared < 1) {
            throw new IllegalArgumentException("versions count from 1, not " + declared);
        }
        return new DeciderRunner<>(store, codec, decider, kept, declared, retry, appending);
    }

    public DeciderRunner<C, E, S> retry(Retry how) {
        return new DeciderRunner<>(store, codec, decider, snapshots, version, how, appending);
    }

    /** What every append gets besides its events and its key: metadata, what to do about forks. */
    public DeciderRunner<C, E, S> appending(UnaryOperator<Append> more) {
        return new DeciderRunner<>(store, codec, decider, snapshots, version, retry, more);
    }

    /**
     * The stream as it is now, folded.
     *
     * @throws UndecodableEventException an event is of an unknown type, another shape or a newer format
     */
    public Folded<S> load(StreamId stream) {
        Optional<Folded<S>> snapshot = snapshots.latest(key(stream));
        if (snapshot.isPresent()) {
            Folded<S> kept = snapshot.get();
            Optional<StreamSlice> tail = store.readSince(stream, kept.state());
            if (tail.isPresent()) {
                return tail.get().events().isEmpty() ? kept : fold(kept.value(), tail.get());
            }
        }
        return fold(decider.initial(), store.read(stream));
    }

    private Snapshots.Key key(StreamId stream) {
        return Snapshots.Key.of(stream, version, decider.initial().getClass());
    }

    private Folded<S> fold(S before, StreamSlice slice) {
        S value = before;
        for (StoredEvent event : slice.events()) {
            value = evolve(value, event);
        }
        Folded<S> folded = new Folded<>(slice.state(), value);
        snapshots.keep(key(slice.id()), folded);
        return folded;
    }

    private S evolve(S state, StoredEvent event) {
        Decoded<E> decoded = codec.decode(event);
        if (decoded instanceof Decoded.Known<E> known) {
            return decider.evolve(state, known.value());
        }
        if (decoded instanceof Decoded.Redacted<E> redacted) {
            return decider.evolveRedacted(state, redacted.event());
        }
        throw new UndecodableEventException(event, UndecodableEventException.Reason.NEWER_FORMAT, null, null);
    }

    /**
     * Runs a command.
     *
     * @throws RuntimeException whatever the decider refuses with; nothing was appended
     * @throws UndecodableEventException an event of the stream can't be folded; nothing was appended
     * @throws dev.evstore.core.StoreException of {@link EventStore#append}; a conflict only after the last attempt
     */
    public Decision<E> run(StreamId stream, C command) {
        return retry.run(() -> attempt(stream, command, null));
    }

    /**
     * Runs a command once, however often it is said: a key that is known decides nothing (rule A6). Known is what is
     * visible here; two replicas that do not know of each other can both run it, which status tells after a merge.
     *
     * @param key of 1..200 code points, the command's own
     * @throws CommandReusedException the key stands for a transaction that did not write the stream
     * @see #run(StreamId, Object)
     */
    public Decision<E> run(StreamId stream, C command, String key) {
        return retry.run(() -> attempt(stream, command, key));
    }

    private Decision<E> attempt(StreamId stream, C command, @Nullable String key) {
        if (key != null) {
            Optional<TransactionId> first = store.findCommand(key);
            if (first.isPresent()) {
                return alreadyApplied(stream, key, first.get());
            }
        }
        Folded<S> folded = load(stream);
        List<E> events = decider.decide(command, folded.value());
        if (events.isEmpty()) {
            return new Decision.Nothing<>();
        }
        NewEvent[] encoded = events.stream().map(codec::encode).toArray(NewEvent[]::new);
        Append append = appending.apply(Append.to(stream, ExpectedVersion.unchanged(folded.state()), encoded));
        if (key == null) {
            return appended(events, store.append(append));
        }
        try {
            return appended(events, store.append(append.command(key)));
        } catch (CommandReusedException e) {
            // Said by two at once: the other was first, and this one has decided on what came of it.
            return alreadyApplied(stream, key, e.first());
        }
    }

    private static <E> Decision<E> appended(List<E> events, AppendResult result) {
        return result.alreadyApplied()
                ? new Decision.AlreadyApplied<>(result.transaction())
                : new Decision.Appended<>(events, result);
    }

    private Decision<E> alreadyApplied(StreamId stream, String key, TransactionId first) {
        Optional<StoredTransaction> transaction = store.readTransaction(first);
        if (transaction.isPresent() && !transaction.get().header().writes().containsKey(stream)) {
            throw new CommandReusedException(key, first);
        }
        return new Decision.AlreadyApplied<>(first);
    }
}
