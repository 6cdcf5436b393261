package dev.evstore.examples;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.Origin;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.reconcile.DivergentTransaction;
import dev.evstore.core.reconcile.ForkContext;
import dev.evstore.core.reconcile.ForkedStream;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolver;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings: events {@code Set} whose tag is the key and whose data is the value. For each key that was set on some
 * branch the one wins that was set last by its writer's clock. The clocks may be wrong, and the canonical order knows
 * better what anybody had seen; but this is what people mean by "the last one".
 */
public final class LastWriterWins implements Resolver {

    private record Setting(String at, String value) {}

    @Override
    public Resolution resolve(ForkContext fork) {
        Resolution.Resolve resolution = Resolution.canonicalOrder();
        for (ForkedStream stream : fork.streams()) {
            Map<String, Setting> winners = new TreeMap<>();
            Map<String, String> canonical = new TreeMap<>();
            for (DivergentTransaction transaction : stream.divergent()) {
                for (StoredEvent event : transaction.events()) {
                    if (event instanceof RecordedEvent set && !set.tags().isEmpty()) {
                        String key = set.tags().get(0);
                        Origin origin = set.origin(); // nobody wrote what an earlier resolution says
                        Setting setting = new Setting(origin == null ? "" : origin.at(), set.data());
                        winners.merge(key, setting, (a, b) -> b.at().compareTo(a.at()) >= 0 ? b : a);
                        canonical.put(key, set.data());
                    }
                }
            }
            for (Map.Entry<String, Setting> winner : winners.entrySet()) {
                if (!winner.getValue().value().equals(canonical.get(winner.getKey()))) {
                    resolution = resolution.and(
                            stream.id(),
                            NewEvent.of("Set", winner.getValue().value()).tags(winner.getKey()));
                }
            }
        }
        return resolution;
    }
}
