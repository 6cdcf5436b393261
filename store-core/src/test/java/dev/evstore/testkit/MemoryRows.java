package dev.evstore.testkit;

import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.projection.engine.Batch;
import dev.evstore.core.projection.engine.Checkpoint;
import dev.evstore.core.projection.engine.Failure;
import dev.evstore.core.projection.engine.Member;
import dev.evstore.core.projection.engine.Memo;
import dev.evstore.core.projection.engine.RowImage;
import dev.evstore.core.projection.engine.RowStore;
import dev.evstore.core.projection.engine.RowWrite;
import dev.evstore.core.projection.engine.StoredRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a projection in memory, as a database keeps them: what was given away to be written is there for the engine at
 * once, for others when it is committed, and after a crash never was. Not thread-safe.
 */
public final class MemoryRows implements RowStore {

    /** Given, and not committed; the parts of one transaction stand before the batch with its checkpoint. */
    private final Deque<Batch> given = new ArrayDeque<>();

    private Contents committed = new Contents();
    private Contents seen = new Contents();
    private int parts;
    private int largest;
    private long largestBytes;

    /** A batch is to be written. */
    public void give(Batch batch) {
        largest = Math.max(
                largest,
                batch.rows().size()
                        + batch.joined().size()
                        + batch.left().size()
                        + batch.keyless().size()
                        + batch.keylessGone().size());
        largestBytes = Math.max(
                largestBytes, batch.rows().stream().mapToLong(RowWrite::bytes).sum());
        given.addLast(batch);
        seen.apply(batch);
    }

    @Override
    public void writePart(Batch part) {
        if (part.checkpoint() != null) {
            throw new IllegalArgumentException("a part has no checkpoint");
        }
        parts++;
        give(part);
    }

    /** The oldest of what was given becomes durable, all of one transaction at once. */
    public void commit() {
        Batch batch;
        do {
            batch = given.removeFirst();
            committed.apply(batch);
        } while (batch.checkpoint() == null);
    }

    /** Everything that was given and not committed is lost. */
    public void crash() {
        given.clear();
        seen = committed.copy();
    }

    /** How many transactions wait to be committed. */
    public int waiting() {
        return (int) given.stream().filter(batch -> batch.checkpoint() != null).count();
    }

    /** How many parts were written before their checkpoints so far. */
    public int parts() {
        return parts;
    }

    /** How many changes the largest batch or part held. */
    public int largest() {
        return largest;
    }

    /** How many bytes the states and images of the largest batch or part had. */
    public long largestBytes() {
        return largestBytes;
    }

    /** What is durable. */
    public Contents committed() {
        return committed;
    }

    /** What will be durable when all that was given is. */
    public Contents seen() {
        return seen;
    }

    @Override
    public @Nullable StoredRow row(String key) {
        return seen.rows.get(key);
    }

    @Override
    public @Nullable RowImage image(String key, long upTo, EventId before) {
        return seen.images(key).headMap(upTo, true).descendingMap().values().stream()
                .filter(image -> image.at().compareTo(before) < 0)
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<EventId> members(String key, @Nullable EventId after, int limit) {
        TreeSet<EventId> all = seen.members.getOrDefault(key, new TreeSet<>());
        return (after == null ? all : all.tailSet(after, false))
                .stream().limit(limit).toList();
    }

    @Override
    public List<Member> membersOf(TransactionId transaction) {
        return List.copyOf(seen.membersOf.getOrDefault(transaction, new TreeSet<>(Contents.MEMBERS)));
    }

    @Override
    public @Nullable Failure failure(String key, EventId event) {
        return seen.failures(key).get(event);
    }

    @Override
    public @Nullable Memo memo(String effect, int version, String key) {
        return seen.memos.get(List.of(effect, version, key));
    }

    /** All rows and what belongs to them. Not thread-safe. */
    public static final class Contents {

        private static final Comparator<Member> MEMBERS =
                Comparator.comparing(Member::event).thenComparing(Member::key);

        private final NavigableMap<String, StoredRow> rows = new TreeMap<>();
        private final Map<String, NavigableMap<Long, RowImage>> images = new HashMap<>();
        private final Map<String, TreeSet<EventId>> members = new TreeMap<>();
        private final Map<TransactionId, TreeSet<Member>> membersOf = new HashMap<>();
        private final Map<List<Object>, Memo> memos = new HashMap<>();
        /** By row; those of no row, as those of a single one, under the empty key. */
        private final Map<String, NavigableMap<EventId, Failure>> failures = new TreeMap<>();

        private final Set<EventId> excluded = new HashSet<>();

        private @Nullable Checkpoint checkpoint;

        /** How far it is, or null if nothing was written yet. */
        public @Nullable Checkpoint checkpoint() {
            return checkpoint;
        }

        /** Every row, those whose state is gone included. */
        public NavigableMap<String, StoredRow> rows() {
            return rows;
        }

        /** What can be viewed: the states' text by key. */
        public NavigableMap<String, String> views() {
            NavigableMap<String, String> views = new TreeMap<>();
            rows.forEach((key, row) -> {
                byte[] state = row.state();
                if (state != null) {
                    views.put(key, new String(state, StandardCharsets.UTF_8));
                }
            });
            return views;
        }

        /** A row's images by the number of events they are of. */
        public NavigableMap<Long, RowImage> images(String key) {
            return images.computeIfAbsent(key, k -> new TreeMap<>());
        }

        /** The events that failed, by row. */
        public List<Failure> failures() {
            List<Failure> all = new ArrayList<>();
            failures.values().forEach(ofRow -> all.addAll(ofRow.values()));
            return all;
        }

        /** The keys of rows by their events. */
        public Map<String, Collection<EventId>> members() {
            return new TreeMap<>(members);
        }

        /** The events that people took out. */
        public Set<EventId> excluded() {
            return Set.copyOf(excluded);
        }

        private Contents copy() {
            Contents copy = new Contents();
            copy.rows.putAll(rows);
            images.forEach((key, all) -> copy.images.put(key, new TreeMap<>(all)));
            members.forEach((key, all) -> copy.members.put(key, new TreeSet<>(all)));
            membersOf.forEach((id, all) -> copy.membersOf.put(id, new TreeSet<>(all)));
            failures.forEach((key, all) -> copy.failures.put(key, new TreeMap<>(all)));
            copy.memos.putAll(memos);
            copy.excluded.addAll(excluded);
            copy.checkpoint = checkpoint;
            return copy;
        }

        private void apply(Batch batch) {
            batch.memos().forEach(memo -> memos.put(List.of(memo.effect(), memo.version(), memo.key()), memo));
            batch.left().forEach(this::leave);
            batch.joined().forEach(this::join);
            NavigableMap<EventId, Failure> keyless = failures("");
            keyless.keySet().removeIf(event -> batch.keylessGone().contains(event.transaction()));
            batch.keyless().forEach(failure -> keyless.put(failure.event(), failure));
            batch.rows().forEach(this::apply);
            excluded.addAll(batch.excluded());
            checkpoint = batch.checkpoint() == null ? checkpoint : batch.checkpoint();
        }

        private NavigableMap<EventId, Failure> failures(String key) {
            return failures.computeIfAbsent(key, k -> new TreeMap<>());
        }

        private void join(Member member) {
            members.computeIfAbsent(member.key(), k -> new TreeSet<>()).add(member.event());
            membersOf
                    .computeIfAbsent(member.event().transaction(), k -> new TreeSet<>(MEMBERS))
                    .add(member);
        }

        private void leave(Member member) {
            TreeSet<EventId> ofRow = members.getOrDefault(member.key(), new TreeSet<>());
            ofRow.remove(member.event());
            if (ofRow.isEmpty()) {
                members.remove(member.key());
            }
            membersOf
                    .getOrDefault(member.event().transaction(), new TreeSet<>(MEMBERS))
                    .remove(member);
        }

        private void apply(RowWrite write) {
            String key = write.key();
            StoredRow row = write.row();
            if (row == null) {
                rows.remove(key);
                images.remove(key);
                failures.remove(key);
                return;
            }
            rows.put(key, row);
            NavigableMap<Long, RowImage> kept = images(key);
            kept.tailMap(write.imagesUpTo(), false).clear();
            write.images().forEach(image -> kept.put(image.count(), image));
            kept.keySet().removeIf(count -> !write.keepsImage(count));
            NavigableMap<EventId, Failure> failed = failures(key);
            if (write.refolded()) {
                EventId after = write.failuresAfter();
                (after == null ? failed : failed.tailMap(after, false)).clear();
            }
            write.failures().forEach(failure -> failed.put(failure.event(), failure));
        }
    }
}
