package dev.evstore.cli.command;

import dev.evstore.cli.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.ParentCommand;

/** A command: gets its session and answers with its exit code. */
abstract class SessionCommand implements Callable<Integer> {

    @ParentCommand
    private Evstore evstore;

    @Override
    public final Integer call() throws Exception {
        return run(evstore.session());
    }

    abstract int run(Session session) throws Exception;
}
