package dev.evstore.fs;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.Origin;
import dev.evstore.core.format.Draft;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.format.TransactionEncoder;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.history.TransactionHeader.Superseding;
import dev.evstore.core.history.TransactionHeader.Write;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ManualClock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes real transactions of made-up headers. A merge's id follows from its bytes (M4), so it and whoever names it get
 * other ids; what can't be said in bytes at all is left out.
 */
final class EncodedHistory {

    private final Map<TransactionId, TransactionId> ids = new HashMap<>();
    private final Map<TransactionId, String> halves = new HashMap<>();

    private EncodedHistory() {}

    static List<Transaction> of(List<TransactionHeader> headers) {
        EncodedHistory history = new EncodedHistory();
        List<TransactionHeader> parentsFirst = new ArrayList<>(headers);
        parentsFirst.sort(Comparator.comparing(TransactionHeader::id));
        List<Transaction> encoded = new ArrayList<>();
        parentsFirst.forEach(header -> history.encode(header).ifPresent(encoded::add));
        return encoded;
    }

    private Optional<Transaction> encode(TransactionHeader header) {
        Transaction whole;
        try {
            whole = header.isMerge() ? merge(header) : ordinary(header);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // such as a child whose id is below that of the merge it names
        }
        ids.putIfAbsent(header.id(), whole.header().id());
        halves.putIfAbsent(whole.header().id(), whole.header().trailer().half());
        Transaction copy = whole;
        for (int redacted : header.redacted()) {
            copy = Foreign.redacted(copy, redacted);
        }
        return Optional.of(header.isNewer() ? Foreign.newer(copy) : copy);
    }

    private Transaction ordinary(TransactionHeader header) {
        TreeMap<TransactionId, String> parents = new TreeMap<>();
        header.parents().forEach((id, half) -> parents.put(now(id), halves.getOrDefault(now(id), half)));
        TreeMap<StreamId, Write> writes = new TreeMap<>();
        header.writes()
                .forEach((stream, write) ->
                        writes.put(stream, write instanceof Superseding s ? new Superseding(now(s.heads())) : write));
        TreeMap<StreamId, List<TransactionId>> reads = new TreeMap<>();
        header.reads().forEach((stream, heads) -> reads.put(stream, now(heads)));
        Origin origin = header.origin() == null
                ? new Origin(Foreign.REPLICA, 1, Origin.format(ManualClock.START))
                : header.origin();
        return TransactionEncoder.encode(
                new Draft(header.id(), origin, parents, writes, reads, header.command(), null, events(header)));
    }

    private Transaction merge(TransactionHeader header) {
        TreeMap<StreamId, List<TransactionId>> heads = new TreeMap<>();
        TreeMap<TransactionId, String> trailers = new TreeMap<>();
        header.writes().keySet().forEach(stream -> {
            heads.put(stream, now(header.supersedes(stream)));
            now(header.supersedes(stream)).forEach(id -> trailers.put(id, halves.getOrDefault(id, "0".repeat(32))));
        });
        return TransactionEncoder.encodeMerge(heads, trailers, events(header));
    }

    /** The data tells variants of one id apart, and is the same in the copies of one transaction. */
    private static List<Draft.Event> events(TransactionHeader header) {
        String data = "{\"of\":\"" + header.trailer().half() + "\"}";
        return header.events().stream()
                .map(slot ->
                        new Draft.Event(slot.stream(), NewEvent.of(slot.type().value(), data), null))
                .toList();
    }

    private TransactionId now(TransactionId id) {
        return ids.getOrDefault(id, id);
    }

    private List<TransactionId> now(List<TransactionId> heads) {
        return heads.stream().map(this::now).distinct().sorted().toList();
    }
}
