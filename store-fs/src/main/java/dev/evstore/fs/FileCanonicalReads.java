package dev.evstore.fs;

import dev.evstore.core.CanonicalReads;
import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedPage;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.index.Feed;
import dev.evstore.fs.index.FoundEvents;
import dev.evstore.fs.index.SeenReads;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@link CanonicalReads} of the index and the files. */
class FileCanonicalReads implements CanonicalReads {

    private final SeenReads reads;
    private final Feed feed;
    private final Reading reading;
    private final UnaryOperator<Feed.Page> durable;

    /** How the store reads its index. */
    interface Reading {
        <T> T of(IndexAccess.Work<T> work);
    }

    /**
     * @param durable makes the index durable up to a page, if it is not
     */
    FileCanonicalReads(SeenReads reads, Feed feed, Reading reading, UnaryOperator<Feed.Page> durable) {
        this.reads = reads;
        this.feed = feed;
        this.reading = reading;
        this.durable = durable;
    }

    @Override
    public Moment now() {
        SeenReads.Now now = reading.of(reads::now);
        return moment(now, durable.apply(now.end()).page());
    }

    @Override
    public long behind(FeedCursor position) {
        SeenReads.Now now = reading.of(reads::now);
        return moment(now, now.end().page()).behind(position);
    }

    private static Moment moment(SeenReads.Now now, FeedPage end) {
        return new Moment(end.next(), now.digest(), now.events(), end.generation());
    }

    @Override
    public FeedPage retractions(FeedCursor after, EventFilter filter, int limit) {
        return durable.apply(reading.of(() -> feed.retractions(after, filter, bounded(limit))))
                .page();
    }

    @Override
    public Part all(EventFilter filter, @Nullable EventId after, long until, int limit) {
        return reading.of(() -> reads.all(filter, after, until, bounded(limit)));
    }

    @Override
    public Part stream(StreamId stream, EventFilter filter, @Nullable EventId after, long until, int limit) {
        return reading.of(() -> reads.stream(stream, filter, after, until, bounded(limit)));
    }

    @Override
    public List<StoredEvent> events(List<EventId> ids, long until) {
        return reading.of(() -> reads.events(ids, until));
    }

    @Override
    public Whereabouts whereabouts(TransactionId transaction) {
        return reading.of(() -> reads.whereabouts(transaction));
    }

    /** The same, which reads the whole store ahead of who asks for it in order; that has to be one thread. */
    CanonicalReads ahead(Executor reader) {
        return new ReadAhead(reader);
    }

    private static int bounded(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a page has room for at least 1 entry, not " + limit);
        }
        return Math.min(limit, EventStore.MAX_PAGE);
    }

    /**
     * Looks in the index for the next part of the whole store while payloads of the one before it are read and folded:
     * whoever builds a projection asks for just that. One part is ahead, never more. For one thread.
     */
    private final class ReadAhead extends FileCanonicalReads {

        private final Executor reader;
        private @Nullable Ahead ahead;

        ReadAhead(Executor reader) {
            super(FileCanonicalReads.this.reads, feed, reading, durable);
            this.reader = reader;
        }

        private record Question(
                EventFilter filter, @Nullable EventId after, long until, int limit) {}

        private record Ahead(Question question, CompletableFuture<FoundEvents> found) {}

        @Override
        public Part all(EventFilter filter, @Nullable EventId after, long until, int limit) {
            Question question = new Question(filter, after, until, bounded(limit));
            return reading.of(() -> reads.read(found(question)));
        }

        /** Asked again after trouble, it looks anew. */
        private FoundEvents found(Question question) throws IOException {
            Ahead known = ahead;
            ahead = null;
            FoundEvents found =
                    known != null && known.question().equals(question) ? joined(known.found()) : find(question);
            if (found.next() != null) {
                Question next = new Question(question.filter(), found.next(), question.until(), question.limit());
                ahead = new Ahead(next, CompletableFuture.supplyAsync(() -> reading.of(() -> find(next)), reader));
            }
            return found;
        }

        private FoundEvents find(Question question) throws IOException {
            return reads.find(question.filter(), question.after(), question.until(), question.limit());
        }

        private static FoundEvents joined(CompletableFuture<FoundEvents> found) {
            try {
                return found.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw e;
            }
        }
    }
}
