package dev.evstore.fs.projection;

import dev.evstore.core.CanonicalReads;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedPage;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Reads the next part of the whole store while the one before it is folded: whoever builds a projection asks for just
 * that. One part is ahead, never more. For one thread.
 */
final class ReadAhead implements CanonicalReads {

    private final CanonicalReads reads;
    private final Executor reader;
    private @Nullable Ahead ahead;

    private record Question(EventFilter filter, @Nullable EventId after, long until, int limit) {}

    private record Ahead(Question question, CompletableFuture<Part> part) {}

    /**
     * @param reader reads behind the caller's back
     */
    ReadAhead(CanonicalReads reads, Executor reader) {
        this.reads = reads;
        this.reader = reader;
    }

    @Override
    public Part all(EventFilter filter, @Nullable EventId after, long until, int limit) {
        Question question = new Question(filter, after, until, limit);
        Ahead known = ahead;
        ahead = null;
        Part part = known != null && known.question().equals(question)
                ? joined(known.part())
                : reads.all(filter, after, until, limit);
        if (part.next() != null) {
            Question next = new Question(filter, part.next(), until, limit);
            ahead = new Ahead(
                    next, CompletableFuture.supplyAsync(() -> reads.all(filter, next.after(), until, limit), reader));
        }
        return part;
    }

    private static Part joined(CompletableFuture<Part> part) {
        try {
            return part.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public Moment now() {
        return reads.now();
    }

    @Override
    public FeedPage retractions(FeedCursor after, EventFilter filter, int limit) {
        return reads.retractions(after, filter, limit);
    }

    @Override
    public Part stream(StreamId stream, EventFilter filter, @Nullable EventId after, long until, int limit) {
        return reads.stream(stream, filter, after, until, limit);
    }

    @Override
    public List<StoredEvent> events(List<EventId> ids, long until) {
        return reads.events(ids, until);
    }

    @Override
    public Whereabouts whereabouts(TransactionId transaction) {
        return reads.whereabouts(transaction);
    }
}
