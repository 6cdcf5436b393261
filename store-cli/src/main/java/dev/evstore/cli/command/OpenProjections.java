package dev.evstore.cli.command;

import dev.evstore.cli.Problem;
import dev.evstore.cli.Session;
import dev.evstore.cli.Trouble;
import dev.evstore.cli.declared.Declarations;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.Names;
import dev.evstore.core.projection.FailedEvent;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.ProjectionHost;
import dev.evstore.fs.ProjectionOptions;
import dev.evstore.fs.Projections;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The projections that a store declares and those that applications keep beside it, for a command. */
final class OpenProjections implements AutoCloseable {

    private final Declarations declared;
    private final FileEventStore store;
    private final Projections kept;
    private final @Nullable ProjectionHost host;

    private OpenProjections(
            Declarations declared, FileEventStore store, Projections kept, @Nullable ProjectionHost host) {
        this.declared = declared;
        this.store = store;
        this.kept = kept;
        this.host = host;
    }

    /**
     * @param wanted which of those that are declared are needed: what is wrong with others is then in nobody's way
     */
    static OpenProjections of(Session session, FileEventStore store, Predicate<String> wanted) {
        Declarations declared = Declarations.of(session.options().directory());
        List<Projection<?>> opened = declared.projections().stream()
                .filter(projection -> wanted.test(projection.name()))
                .toList();
        Projections kept = Projections.of(store);
        try {
            ProjectionHost host = opened.isEmpty()
                    ? null
                    : ProjectionHost.open(
                            store,
                            Declarations.codec(),
                            ProjectionOptions.defaults().withoutThreads(),
                            opened);
            return new OpenProjections(declared, store, kept, host);
        } catch (RuntimeException e) {
            kept.close();
            throw e;
        }
    }

    /** Those that are declared, as they are, then the others by name. */
    List<String> names() {
        List<String> names = new ArrayList<>(declared.names());
        kept.names().stream().filter(name -> !names.contains(name)).forEach(names::add);
        return names;
    }

    boolean isDeclared(String name) {
        return declared.has(name);
    }

    /** The host, if it has a projection of that name. */
    @Nullable
    ProjectionHost hostOf(String name) {
        return host != null && host.names().contains(name) ? host : null;
    }

    Projections kept() {
        return kept;
    }

    /**
     * @throws Trouble there is none of that name
     */
    void require(String name) {
        if (!names().contains(name)) {
            throw new Trouble(Problem.usage(
                    "There is no such projection.",
                    Names.quoted(name),
                    "evstore projection list shows those there are"));
        }
    }

    /**
     * @throws Trouble the store has no such event
     */
    void require(EventId event) {
        if (store.findEvent(event).isEmpty()) {
            throw ShowCommand.notHere(event.toString());
        }
    }

    ProjectionStatus status(String name) {
        ProjectionHost of = hostOf(name);
        return of == null ? kept.status(name) : of.status(name);
    }

    /** Events that could not be folded: at most 1,000, parked ones first. */
    List<FailedEvent> failures(String name) {
        ProjectionHost of = hostOf(name);
        return of == null ? kept.failures(name) : of.failures(name);
    }

    @Override
    public void close() {
        try (kept) {
            if (host != null) {
                host.close();
            }
        }
    }
}
