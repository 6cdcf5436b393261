package dev.evstore.cli.command;

import dev.evstore.cli.Session;
import dev.evstore.cli.declared.Declarations;
import dev.evstore.core.id.EventId;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.ProjectionHost;
import dev.evstore.fs.ProjectionOptions;
import dev.evstore.fs.Projections;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The projections that a store declares and those that applications keep beside it, for a command. */
final class OpenProjections implements AutoCloseable {

    private final Declarations declared;
    private final Projections kept;
    private final @Nullable ProjectionHost host;

    private OpenProjections(Declarations declared, Projections kept, @Nullable ProjectionHost host) {
        this.declared = declared;
        this.kept = kept;
        this.host = host;
    }

    static OpenProjections of(Session session, FileEventStore store) {
        Declarations declared = Declarations.of(session.options().directory());
        Projections kept = Projections.of(store);
        try {
            ProjectionHost host = declared.projections().isEmpty()
                    ? null
                    : ProjectionHost.open(
                            store,
                            Declarations.codec(),
                            ProjectionOptions.defaults().withoutThreads(),
                            declared.projections());
            return new OpenProjections(declared, kept, host);
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
        return declared.has(name) ? host : null;
    }

    Projections kept() {
        return kept;
    }

    /**
     * @throws IllegalArgumentException there is none of that name
     */
    ProjectionStatus status(String name) {
        ProjectionHost of = hostOf(name);
        return of == null ? kept.status(name) : of.status(name);
    }

    void rebuild(String name) {
        ProjectionHost of = hostOf(name);
        if (of == null) {
            kept.rebuild(name);
        } else {
            of.rebuild(name);
        }
    }

    void retry(String name) {
        ProjectionHost of = hostOf(name);
        if (of == null) {
            kept.retry(name);
        } else {
            of.retry(name);
        }
    }

    void pause(String name) {
        ProjectionHost of = hostOf(name);
        if (of == null) {
            kept.pause(name);
        } else {
            of.pause(name);
        }
    }

    void resume(String name) {
        ProjectionHost of = hostOf(name);
        if (of == null) {
            kept.resume(name);
        } else {
            of.resume(name);
        }
    }

    void skip(String name, EventId event) {
        ProjectionHost of = hostOf(name);
        if (of == null) {
            kept.skip(name, event);
        } else {
            of.skip(name, event);
        }
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
