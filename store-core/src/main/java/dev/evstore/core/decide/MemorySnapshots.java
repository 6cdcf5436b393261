package dev.evstore.core.decide;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Snapshots in memory; the least recently used goes first. */
final class MemorySnapshots<S> implements Snapshots<S> {

    private final int most;
    private final Map<Key, Folded<S>> kept = new LinkedHashMap<>(16, 0.75f, true);

    MemorySnapshots(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("there is room for at least 1 snapshot, not " + most);
        }
        this.most = most;
    }

    @Override
    public synchronized Optional<Folded<S>> latest(Key key) {
        return Optional.ofNullable(kept.get(key));
    }

    @Override
    public synchronized void keep(Key key, Folded<S> folded) {
        kept.put(key, folded);
        if (kept.size() > most) {
            kept.remove(kept.keySet().iterator().next());
        }
    }
}
