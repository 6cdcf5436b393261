package dev.evstore.core;

import dev.evstore.core.append.Findings;
import dev.evstore.core.event.Origin;
import dev.evstore.core.history.History;
import dev.evstore.core.history.Misnamed;
import dev.evstore.core.history.ReplicaSequence;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.HybridClock;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where a set of visible transactions stands. */
final class MemoryStatus {

    private MemoryStatus() {}

    static StoreStatus of(ReplicaId replica, MemoryFeed feed, VisibleSet visible, HybridClock clock) {
        History history = visible.history();
        List<Finding> findings = findings(history, clock);
        List<ReplicaSequence> sequences = history.sequences();
        int told = Math.min(sequences.size(), StoreStatus.MAX_SEQUENCES);
        int kept = Math.min(findings.size(), Findings.MAX);
        return new StoreStatus(
                replica,
                feed.epoch(),
                feed.generation(),
                history.transactions().size(),
                history.transactions().values().stream()
                        .mapToLong(t -> t.events().size())
                        .sum(),
                history.streams().size(),
                history.digest(),
                history.forks(),
                List.copyOf(history.incomplete()),
                List.copyOf(history.dangling()),
                sequences.subList(0, told),
                sequences.size() - told,
                0,
                findings.subList(0, kept),
                findings.size() - kept);
    }

    private static List<Finding> findings(History history, HybridClock clock) {
        List<Finding> findings = new ArrayList<>();
        history.variants().forEach(id -> findings.add(Findings.variant(id, Findings.where(id))));
        history.parentMismatches().forEach(id -> findings.add(Findings.parentMismatch(id, Findings.where(id))));
        for (Misnamed m : history.misnamed()) {
            findings.add(Findings.namesNoHead(m.transaction(), m.stream(), m.named(), Findings.where(m.transaction())));
        }
        Map<String, TransactionId> commands = new HashMap<>();
        Map<ReplicaId, TransactionId> ahead = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
        for (TransactionHeader transaction : history.transactions().values()) {
            TransactionId id = transaction.id();
            String where = Findings.where(id);
            if (transaction.isNewer()) {
                findings.add(Findings.newerFormat(transaction.format(), where));
            }
            String command = transaction.command();
            if (command != null) {
                TransactionId first = commands.putIfAbsent(command, id);
                if (first != null) {
                    findings.add(Findings.commandTwice(command, first, id, where));
                }
            }
            Origin origin = transaction.origin();
            if (id.millis() > clock.followedUntil()) {
                findings.add(Findings.farFuture(id, where));
                continue;
            }
            TransactionId newestParent = transaction.parents().isEmpty()
                    ? null
                    : transaction.parents().lastKey();
            if (origin != null && Findings.isClockAhead(id, newestParent, clock.wallMillis())) {
                ahead.put(origin.replica(), id);
            }
        }
        ahead.forEach((replica, id) -> findings.add(Findings.clockAhead(replica, id, Findings.where(id))));
        return findings;
    }
}
