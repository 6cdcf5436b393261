package dev.evstore.cli.command;

import dev.evstore.cli.Session;
import dev.evstore.fs.FileEventStore;

/** A command for what only a store on files can do. */
abstract class FileStoreCommand extends SessionCommand {

    @Override
    final int run(Session session) throws Exception {
        try (FileEventStore store = session.openFiles()) {
            return run(session, store);
        }
    }

    abstract int run(Session session, FileEventStore store) throws Exception;
}
