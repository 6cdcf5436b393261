package dev.evstore.core.history;

import dev.evstore.core.id.Digest;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.StreamVersion;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What one stream's transactions mean. Filled in canonical order, then only read. */
final class StreamHistory {

    private final StreamId stream;
    private final List<EventId> events = new ArrayList<>();
    /** The transactions that can be heads: those that write the stream, not freely. */
    private final TreeMap<TransactionId, TransactionHeader> writers = new TreeMap<>();

    private final Set<TransactionId> named = new HashSet<>();
    private Digest digest = Digest.EMPTY;

    StreamHistory(StreamId stream) {
        this.stream = stream;
    }

    void add(TransactionHeader transaction, Digest part) {
        digest = digest.plus(part);
        events.addAll(eventsOf(transaction));
        if (transaction.claims(stream)) {
            writers.put(transaction.id(), transaction);
            named.addAll(transaction.supersedes(stream));
        }
    }

    List<EventId> events() {
        return List.copyOf(events);
    }

    StreamState state() {
        return new StreamState(StreamVersion.of(events.size()), digest);
    }

    Collection<TransactionHeader> writers() {
        return writers.values();
    }

    boolean isWriter(TransactionId id) {
        return writers.containsKey(id);
    }

    Set<TransactionId> named() {
        return named;
    }

    /** Rule F1: a set difference, whatever came first. */
    List<TransactionId> heads() {
        return writers.keySet().stream().filter(id -> !named.contains(id)).toList();
    }

    boolean isForked() {
        return heads().size() > 1;
    }

    /** Rule F4, by its definition: walk down from every head, then compare who reached what. */
    Fork fork() {
        List<TransactionId> heads = heads();
        Map<TransactionId, SortedSet<TransactionId>> reachedBy = new HashMap<>();
        for (TransactionId head : heads) {
            for (TransactionId reached : reach(head)) {
                reachedBy.computeIfAbsent(reached, id -> new TreeSet<>()).add(head);
            }
        }
        long ancestorVersion = 0;
        List<Fork.Divergent> divergent = new ArrayList<>();
        for (TransactionHeader writer : writers.values()) {
            // Somebody reaches every writer: one that is named is named by a writer with a greater id (rule I2).
            SortedSet<TransactionId> by = reachedBy.getOrDefault(writer.id(), new TreeSet<>());
            List<EventId> own = eventsOf(writer);
            if (by.size() == heads.size()) {
                ancestorVersion += own.size();
            } else {
                divergent.add(new Fork.Divergent(writer.id(), by, own));
            }
        }
        return new Fork(stream, ancestorVersion, heads, divergent);
    }

    private Set<TransactionId> reach(TransactionId head) {
        Set<TransactionId> reached = new HashSet<>();
        Deque<TransactionId> todo = new ArrayDeque<>(List.of(head));
        while (!todo.isEmpty()) {
            TransactionHeader writer = writers.get(todo.pop());
            if (writer != null && reached.add(writer.id())) {
                writer.supersedes(stream).forEach(todo::push);
            }
        }
        return reached;
    }

    private List<EventId> eventsOf(TransactionHeader transaction) {
        List<EventId> own = new ArrayList<>();
        for (int k = 0; k < transaction.events().size(); k++) {
            if (transaction.events().get(k).stream().equals(stream)) {
                own.add(new EventId(transaction.id(), k));
            }
        }
        return own;
    }
}
