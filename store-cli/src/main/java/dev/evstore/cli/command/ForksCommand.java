package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Session;
import dev.evstore.cli.render.ForkView;
import dev.evstore.core.EventStore;
import dev.evstore.core.ReadOptions;
import dev.evstore.core.StoredTransaction;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.Fork;
import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "forks",
        description = {
            "Shows streams that replicas wrote apart.",
            "Each head, and what lies between it and the ancestor; the stream's free events since then apart. Streams that"
                    + " can only be resolved together are shown together. Exit code 1 if there are any.",
            "On a terminal the branches stand side by side if each gets 38 columns, else one after the other."
        },
        footer = {"", "Examples:", "  evstore forks", "  evstore forks account-1 --json"})
final class ForksCommand extends StoreCommand {

    @Parameters(arity = "0..1", paramLabel = "STREAM", description = "Only what this stream is part of.")
    private @Nullable String stream;

    @Override
    int run(Session session, EventStore store) {
        StreamId only = stream == null ? null : StreamId.of(stream);
        List<ForkUnit> units = store.forks().stream()
                .filter(unit -> only == null || unit.streams().contains(only))
                .toList();
        for (ForkUnit unit : units) {
            session.print(session.renderer()
                    .fork(unit.forks().stream().map(fork -> look(store, fork)).toList()));
        }
        if (units.isEmpty()) {
            session.remark(only == null ? "No forks." : only + " is not forked.");
        }
        return units.isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS;
    }

    /** What diverged stands mostly at the end of the stream, so it is looked for backwards; free events stand between. */
    private static ForkView look(EventStore store, Fork fork) {
        Map<EventId, StoredEvent> found = new HashMap<>();
        Deque<StoredEvent> free = new ArrayDeque<>();
        Map<TransactionId, Boolean> isFree = new HashMap<>();
        Set<EventId> wanted = new HashSet<>();
        fork.divergent().forEach(divergent -> wanted.addAll(divergent.events()));
        Iterator<StoredEvent> events =
                new PagedRead(store, fork.stream(), ReadOptions.fromTheEnd(), Long.MAX_VALUE).iterator();
        while (!wanted.isEmpty() && events.hasNext()) {
            StoredEvent event = events.next();
            if (wanted.remove(event.id())) {
                found.put(event.id(), event);
            } else if (isFree.computeIfAbsent(
                    event.id().transaction(), id -> isFree(header(store, id), fork.stream()))) {
                free.addFirst(event);
            }
        }
        return ForkView.of(fork, found, List.copyOf(free), id -> header(store, id));
    }

    private static @Nullable TransactionHeader header(EventStore store, TransactionId id) {
        return store.readTransaction(id).map(StoredTransaction::header).orElse(null);
    }

    private static boolean isFree(@Nullable TransactionHeader header, StreamId stream) {
        return header != null && !header.claims(stream);
    }
}
