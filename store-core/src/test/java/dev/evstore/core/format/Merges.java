package dev.evstore.core.format;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Random forks and resolutions. */
final class Merges {

    private Merges() {}

    record Case(
            SortedMap<StreamId, List<TransactionId>> heads,
            SortedMap<TransactionId, String> trailers,
            List<Draft.Event> events) {}

    static Case random(Random random, Drafts drafts) {
        SortedMap<StreamId, List<TransactionId>> heads = new TreeMap<>();
        SortedMap<TransactionId, String> trailers = new TreeMap<>();
        List<Draft.Event> events = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            TreeSet<TransactionId> ids = new TreeSet<>();
            while (ids.size() < 2 + random.nextInt(2)) {
                TransactionId id = id(random.nextInt(8));
                ids.add(id);
                trailers.put(id, Sha256.hash(id.bytes()).half());
            }
            StreamId stream = StreamId.of("s" + i);
            heads.put(stream, List.copyOf(ids));
            for (int k = random.nextInt(3); k > 0; k--) {
                NewEvent event = NewEvent.of("Resolved", drafts.value(2)).tags("t" + k);
                events.add(new Draft.Event(stream, random.nextBoolean() ? event : event.meta(drafts.object(0)), null));
            }
        }
        return new Case(heads, trailers, events);
    }

    static TransactionId id(int number) {
        return TransactionId.of(String.format("01936f2a-%04x-7000-8000-%012x", number % 3, number));
    }
}
