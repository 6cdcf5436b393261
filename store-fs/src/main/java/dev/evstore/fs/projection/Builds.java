package dev.evstore.fs.projection;

import dev.evstore.core.CanonicalReads;
import dev.evstore.core.EventStore;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.projection.Order;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.engine.Batch;
import dev.evstore.core.projection.engine.Checkpoint;
import dev.evstore.core.projection.engine.Engine;
import dev.evstore.fs.index.IndexException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The builds of one version of a projection, each a database: the one that is worked on, and how another is begun in its
 * place. Used by who has the seat, while nothing runs over them.
 */
final class Builds {

    private final Projection<?> projection;
    private final EventStore store;
    private final StateFiles files;
    private final String fingerprint;
    private final String version;

    Builds(Workshop shop, Projection<?> projection) {
        this.projection = projection;
        this.store = shop.store();
        this.files = StateFiles.of(shop.layout(), shop.disk(), projection.name());
        this.fingerprint = Sha256.hash(projection.fingerprint(shop.codec()).getBytes(StandardCharsets.UTF_8))
                .toString();
        this.version = StateFiles.version(fingerprint);
    }

    /**
     * A build.
     *
     * @param beside whether it is not the one that is served
     */
    record Build(Path file, boolean beside) {}

    String version() {
        return version;
    }

    String fingerprint() {
        return fingerprint;
    }

    StateFiles files() {
        return files;
    }

    /** The one that is worked on: begun if there is none. */
    Build atWork() throws IOException {
        Build found = found();
        return found == null ? begin(List.of()) : found;
    }

    private @Nullable Build found() throws IOException {
        Path building = files.building(version);
        if (building != null) {
            return new Build(building, true);
        }
        Path served = files.current(version);
        return served == null ? null : new Build(served, false);
    }

    /** Begins another, which leaves some events out; from then on that is worked on. */
    private Build begin(Collection<EventId> excluded) throws IOException {
        files.make(projection.name());
        Path file = files.fresh(version);
        store.refresh();
        StateDatabase.create(file, fingerprint, Engine.beginning(projection, store), projection.tables(), excluded);
        files.startBuilding(version, file);
        return new Build(file, true);
    }

    /** Begins another, which leaves out what people left out of the one that is worked on, and more. */
    void beginAnew(Collection<EventId> alsoExcluded) throws IOException {
        Set<EventId> all = new LinkedHashSet<>(excluded());
        all.addAll(alsoExcluded);
        begin(all);
    }

    private List<EventId> excluded() throws IOException {
        Build found = found();
        if (found == null) {
            return List.of();
        }
        try (StateDatabase database = StateDatabase.open(found.file())) {
            return database.excluded();
        }
    }

    /** Begins another that takes nothing from the one that is worked on: that is damaged, and never looked at again. */
    void replaceDamaged(Collection<EventId> excluded) throws IOException {
        files.abandon(version);
        begin(excluded);
    }

    /** Whether it is a database with this name that is worked on, and served. */
    boolean isServed(String database) throws IOException {
        Build found = found();
        return found != null && !found.beside() && found.file().endsWith(database);
    }

    /**
     * What is stored goes on in an index that is another one, under a cursor of that, if it is the fold of just what is
     * visible now (rule S7).
     *
     * @return false if it is not, or nobody can tell: then it is as it was
     * @throws WriteCycle.WriteException it can't be written
     */
    boolean carryOver() throws IOException {
        Build found = found();
        if (found == null || found.beside() || projection.order() != Order.CANONICAL) {
            return false;
        }
        try (StateDatabase database = StateDatabase.open(found.file())) {
            Checkpoint stored = database.takeOver().checkpoint();
            CanonicalReads.Moment now = store.canonicalReads().now();
            if (stored.building() || !now.digest().equals(stored.digest())) {
                return false;
            }
            Checkpoint carried = new Checkpoint(
                    now.end(),
                    false,
                    null,
                    stored.passed(),
                    stored.total(),
                    stored.redacted(),
                    now.digest(),
                    now.generation());
            write(database, carried);
            return true;
        }
    }

    private static void write(StateDatabase database, Checkpoint carried) {
        try {
            database.write(
                    new Batch(List.of(), List.of(), List.of(), List.of(), Set.of(), Set.of(), List.of(), carried));
        } catch (IndexException | StateLostException e) {
            throw new WriteCycle.WriteException(e);
        }
    }

    /** What was built is served from now on, and its version is the last at work. */
    void serve(Path built) throws IOException {
        files.serveBuilt(version, built);
        files.lead(version);
        files.clean(version);
    }
}
