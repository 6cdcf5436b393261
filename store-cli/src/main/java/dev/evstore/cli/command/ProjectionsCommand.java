package dev.evstore.cli.command;

import dev.evstore.cli.Session;
import dev.evstore.fs.FileEventStore;

/** A command for the projections of a store. */
abstract class ProjectionsCommand extends FileStoreCommand {

    @Override
    final int run(Session session, FileEventStore store) {
        try (OpenProjections projections = OpenProjections.of(session, store, this::needs)) {
            return run(session, projections);
        }
    }

    /** Whether the command folds a projection that is declared, or has to know what it is. */
    boolean needs(String projection) {
        return false;
    }

    abstract int run(Session session, OpenProjections projections);
}
