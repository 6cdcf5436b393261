package dev.evstore.cli.command;

import dev.evstore.cli.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command: gets its session and answers with its exit code. */
abstract class SessionCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public final Integer call() throws Exception {
        return run(((Evstore) spec.root().userObject()).session());
    }

    abstract int run(Session session) throws Exception;
}
