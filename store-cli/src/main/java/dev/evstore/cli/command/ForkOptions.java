package dev.evstore.cli.command;

import dev.evstore.cli.Session;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.reconcile.Resolver;
import java.io.IOException;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What is to become of forks. */
final class ForkOptions {

    @ArgGroup(multiplicity = "1")
    private ResolverOptions resolver;

    @Option(
            names = "--accept-missing",
            description = "Resolve incomplete streams, too. What is missing must never come: a stream whose middle is"
                    + " not here looks forked and may not be.")
    private boolean acceptMissing;

    /** Whether incomplete streams are resolved. */
    boolean acceptMissing() {
        return acceptMissing;
    }

    /** For all forks that are here. */
    ReconcileOptions everywhere() {
        return new ReconcileOptions(Set.of(), false, acceptMissing);
    }

    /** Uses the resolver that was chosen. */
    <T> T with(Session session, Function<Resolver, T> use) throws IOException {
        return resolver.with(session, use);
    }
}
