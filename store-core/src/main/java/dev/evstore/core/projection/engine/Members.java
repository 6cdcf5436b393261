package dev.evstore.core.projection.engine;

import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which events belong to which rows of a keyed projection: what is kept, and what changed since. Not thread-safe. */
final class Members {

    private final RowStore store;
    /** By row, what changed: whether the event belongs to it now. */
    private final Map<String, TreeMap<EventId, Boolean>> changes = new TreeMap<>();

    private final Map<TransactionId, Set<Member>> joinedBy = new HashMap<>();
    private int changed;

    Members(RowStore store) {
        this.store = store;
    }

    void join(String key, EventId event) {
        changed++;
        changes.computeIfAbsent(key, k -> new TreeMap<>()).put(event, true);
        joinedBy.computeIfAbsent(event.transaction(), id -> new LinkedHashSet<>())
                .add(new Member(key, event));
    }

    void leave(Member member) {
        changed++;
        changes.computeIfAbsent(member.key(), k -> new TreeMap<>()).put(member.event(), false);
        Set<Member> joined = joinedBy.get(member.event().transaction());
        if (joined != null) {
            joined.remove(member);
        }
    }

    /** The members that are events of a transaction. */
    List<Member> of(TransactionId transaction) {
        Set<Member> all = new LinkedHashSet<>(store.membersOf(transaction));
        all.removeIf(member -> {
            TreeMap<EventId, Boolean> changed = changes.get(member.key());
            return changed != null && Boolean.FALSE.equals(changed.get(member.event()));
        });
        all.addAll(joinedBy.getOrDefault(transaction, Set.of()));
        return List.copyOf(all);
    }

    /** A part of a row's members in canonical order; empty at the end, and only there. */
    List<EventId> part(String key, @Nullable EventId after, int limit) {
        NavigableMap<EventId, Boolean> changed = changes.getOrDefault(key, new TreeMap<>());
        EventId place = after;
        while (true) {
            List<EventId> stored = store.members(key, place, limit);
            EventId last = stored.size() < limit ? null : stored.get(limit - 1);
            NavigableSet<EventId> part = new TreeSet<>(stored);
            NavigableMap<EventId, Boolean> own = place == null ? changed : changed.tailMap(place, false);
            (last == null ? own : own.headMap(last, true)).forEach((event, joined) -> {
                if (joined) {
                    part.add(event);
                } else {
                    part.remove(event);
                }
            });
            if (last == null || !part.isEmpty()) {
                return part.stream().limit(limit).toList();
            }
            place = last;
        }
    }

    /** How many changes wait, at the most. */
    int changed() {
        return changed;
    }

    /** What joined and what left since the last time. */
    record Frozen(List<Member> joined, List<Member> left) {}

    Frozen freeze() {
        List<Member> joined = new ArrayList<>();
        List<Member> left = new ArrayList<>();
        changes.forEach(
                (key, events) -> events.forEach((event, joins) -> (joins ? joined : left).add(new Member(key, event))));
        changes.clear();
        changed = 0;
        joinedBy.clear();
        return new Frozen(joined, left);
    }
}
