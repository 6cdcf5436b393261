package dev.evstore.core.reconcile;

import dev.evstore.core.event.EventType;
import dev.evstore.core.event.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Policies to choose from. None is ever applied without being chosen. */
public final class Resolvers {

    private Resolvers() {}

    /** Ends every fork without an event: whoever reads the stream in canonical order has the result. */
    public static Resolver acceptOrder() {
        return fork -> Resolution.canonicalOrder();
    }

    /**
     * Asks by what happened: for every type among the divergent events the resolver that is named for it, each once,
     * with the whole context, in the order of the types' names. Their events are joined. If one of them finds the fork
     * unresolvable, or a type has no resolver, nothing is resolved: there is no default.
     *
     * @param byType the types' names, with the resolver of each
     */
    public static Resolver perType(Map<String, Resolver> byType) {
        SortedMap<String, Resolver> known = new TreeMap<>(byType); // by name, so the order is the same everywhere
        known.keySet().forEach(EventType::of);
        return fork -> {
            List<Resolver> asked = new ArrayList<>();
            for (String type : types(fork)) {
                Resolver resolver = known.get(type);
                if (resolver == null) {
                    return Resolution.unresolvable("no resolver is named for events of type " + type);
                }
                if (asked.stream().noneMatch(other -> other == resolver)) {
                    asked.add(resolver);
                }
            }
            return joined(asked, fork);
        };
    }

    private static SortedSet<String> types(ForkContext fork) {
        SortedSet<String> types = new TreeSet<>();
        for (ForkedStream stream : fork.streams()) {
            for (DivergentTransaction transaction : stream.divergent()) {
                for (StoredEvent event : transaction.events()) {
                    types.add(event.type().value());
                }
            }
        }
        return types;
    }

    private static Resolution joined(List<Resolver> asked, ForkContext fork) {
        List<Resolution.Entry> events = new ArrayList<>();
        for (Resolver resolver : asked) {
            Resolution resolution = resolver.resolve(fork);
            if (resolution instanceof Resolution.Resolve resolve) {
                events.addAll(resolve.events());
            } else {
                return resolution;
            }
        }
        return new Resolution.Resolve(events);
    }
}
