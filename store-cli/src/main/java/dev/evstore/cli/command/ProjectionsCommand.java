package dev.evstore.cli.command;

import dev.evstore.cli.Session;
import dev.evstore.fs.FileEventStore;

/** A command for the projections of a store. */
abstract class ProjectionsCommand extends FileStoreCommand {

    @Override
    final int run(Session session, FileEventStore store) {
        try (OpenProjections projections = OpenProjections.of(session, store)) {
            return run(session, projections);
        }
    }

    abstract int run(Session session, OpenProjections projections);
}
