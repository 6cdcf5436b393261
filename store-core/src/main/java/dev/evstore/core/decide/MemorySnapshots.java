package dev.evstore.core.decide;

import dev.evstore.core.id.StreamId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Snapshots in memory; the least recently used goes first. */
final class MemorySnapshots<S> implements Snapshots<S> {

    private final int most;
    private final Map<StreamId, Folded<S>> kept = new LinkedHashMap<>(16, 0.75f, true);

    MemorySnapshots(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("snapshots are of at least 1 stream, not " + most);
        }
        this.most = most;
    }

    @Override
    public synchronized Optional<Folded<S>> latest(StreamId stream) {
        return Optional.ofNullable(kept.get(stream));
    }

    @Override
    public synchronized void keep(StreamId stream, Folded<S> folded) {
        kept.put(stream, folded);
        if (kept.size() > most) {
            kept.remove(kept.keySet().iterator().next());
        }
    }
}
