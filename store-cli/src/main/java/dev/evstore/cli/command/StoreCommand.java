package dev.evstore.cli.command;

import dev.evstore.cli.Session;
import dev.evstore.core.EventStore;

/** A command on the store that is there. */
abstract class StoreCommand extends SessionCommand {

    @Override
    final int run(Session session) throws Exception {
        try (EventStore store = session.open()) {
            return run(session, store);
        }
    }

    abstract int run(Session session, EventStore store) throws Exception;
}
